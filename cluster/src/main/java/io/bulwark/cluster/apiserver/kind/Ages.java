package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Durations as tables show them: {@code 5s}, {@code 2m30s}, {@code 3d4h}.
 *
 * <p>Source: k8s.io/apimachinery/pkg/util/duration, thresholds of HumanDuration.
 */
final class Ages {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private final InstantSource clock;

  Ages(InstantSource clock) {
    this.clock = clock;
  }

  Column column() {
    return Columns.text("Age", "Time since the object was created.", this::age);
  }

  String age(Tree object) {
    return since(object.text("metadata", "creationTimestamp"));
  }

  String since(@Nullable String timestamp) {
    Instant then = parse(timestamp);
    return then == null ? "<unknown>" : human(Duration.between(then, clock.instant()));
  }

  static @Nullable Instant parse(@Nullable String timestamp) {
    if (timestamp == null || timestamp.isEmpty()) {
      return null;
    }
    try {
      return Instant.parse(timestamp);
    } catch (DateTimeParseException unreadable) {
      return null;
    }
  }

  static String human(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    if (seconds < 2 * MINUTE) {
      return seconds + "s";
    }
    if (seconds < 10 * MINUTE) {
      return two(seconds / MINUTE, "m", seconds % MINUTE, "s");
    }
    if (seconds < 3 * HOUR) {
      return seconds / MINUTE + "m";
    }
    if (seconds < 8 * HOUR) {
      return two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m");
    }
    if (seconds < 2 * DAY) {
      return seconds / HOUR + "h";
    }
    if (seconds < 8 * DAY) {
      return two(seconds / DAY, "d", seconds % DAY / HOUR, "h");
    }
    if (seconds < 2 * YEAR) {
      return seconds / DAY + "d";
    }
    if (seconds < 8 * YEAR) {
      return two(seconds / YEAR, "y", seconds % YEAR / DAY, "d");
    }
    return seconds / YEAR + "y";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
  }
}
