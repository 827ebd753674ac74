package io.bulwark.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Points in time as API objects write them. */
public final class Timestamps {
  private static final DateTimeFormatter MICRO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** A {@code Time}: whole seconds, {@code 2026-01-02T03:04:05Z}. */
  public static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A {@code MicroTime}: always six digits, {@code 2026-01-02T03:04:05.000600Z}. */
  public static String micro(Instant time) {
    return MICRO.format(time);
  }

  /** Reads either form; null where there is none or it is malformed. */
  public static @Nullable Instant parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      return null;
    }
  }
}
