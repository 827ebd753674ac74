package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long a deleted object lives on. Repeated deletions may only shorten it. */
final class Grace {
  private static final String METADATA = "metadata";
  private static final String SECONDS = "deletionGracePeriodSeconds";

  private Grace() {}

  /**
   * Marks an object whose kind has a grace period.
   *
   * @return false where the object has time already and gets no less
   */
  static boolean mark(Kind kind, Tree object, Tree options, SystemFields system) {
    Long asked = options.at("gracePeriodSeconds") instanceof Long seconds ? seconds : null;
    long natural = kind.strategy().graceSeconds(object);
    if (natural >= 0 && Meta.terminating(object)) {
      return shorten(object, asked);
    }
    if (natural >= 0) {
      long seconds = asked == null ? natural : asked < 0 ? 1 : asked;
      stamp(object, kind.strategy().deletesAtOnce(object) ? 0 : seconds, system);
    }
    return true;
  }

  private static boolean shorten(Tree object, @Nullable Long asked) {
    long current = object.number(0, METADATA, SECONDS);
    long seconds = asked == null ? current : asked < 0 ? 1 : asked;
    if (seconds >= current) {
      return false;
    }
    Instant end = Instant.parse(object.textOrEmpty(METADATA, "deletionTimestamp"));
    Instant earlier = end.minus(Duration.ofSeconds(current - seconds));
    object.set(earlier.toString(), METADATA, "deletionTimestamp");
    object.set(seconds, METADATA, SECONDS);
    return true;
  }

  static void stamp(Tree object, long seconds, SystemFields system) {
    object.set(system.later(seconds), METADATA, "deletionTimestamp");
    object.set(seconds, METADATA, SECONDS);
    SystemFields.bump(object);
  }
}
