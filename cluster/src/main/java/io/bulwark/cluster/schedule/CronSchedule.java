package io.bulwark.cluster.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When something happens again and again: five fields (minute, hour, day of month, month, day of
 * week), one of their abbreviations such as {@code @daily}, or {@code @every 90m}. Immutable.
 *
 * <p>Source: "Schedule syntax" in upstream's documentation of CronJob.
 */
public final class CronSchedule {
  private static final Map<String, String> ABBREVIATIONS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> MONTHS =
      List.of(
          "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final Pattern AMOUNT = Pattern.compile("(\\d+)(h|m|s)");
  private static final int SEARCHED_YEARS = 5;

  private final @Nullable Duration period;
  private final Field minute;
  private final Field hour;
  private final Field day;
  private final Field month;
  private final Field weekday;

  /**
   * @param any whether the field takes every value because it was written so
   */
  private record Field(BitSet values, boolean any) {
    boolean has(int value) {
      return values.get(value);
    }
  }

  private CronSchedule(@Nullable Duration period, String... fields) {
    this.period = period;
    minute = field(fields[0], 0, 59, List.of());
    hour = field(fields[1], 0, 23, List.of());
    day = field(fields[2], 1, 31, List.of());
    month = field(fields[3], 1, 12, MONTHS);
    weekday = field(fields[4], 0, 6, DAYS);
  }

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  public static CronSchedule parse(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException("empty spec string");
    }
    if (trimmed.startsWith("@every ")) {
      return new CronSchedule(every(trimmed), "*", "*", "*", "*", "*");
    }
    String spelled = ABBREVIATIONS.getOrDefault(trimmed, trimmed);
    if (spelled.startsWith("@")) {
      throw new IllegalArgumentException("unrecognized descriptor: " + trimmed);
    }
    String[] fields = spelled.split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found " + fields.length + ": " + Arrays.toString(fields));
    }
    return new CronSchedule(null, fields);
  }

  private static Duration every(String text) {
    String amount = text.substring("@every ".length());
    Duration period = Duration.ZERO;
    Matcher parts = AMOUNT.matcher(amount);
    int end = 0;
    while (parts.find() && parts.start() == end) {
      long number = Long.parseLong(parts.group(1));
      period =
          period.plus(
              switch (parts.group(2)) {
                case "h" -> Duration.ofHours(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
              });
      end = parts.end();
    }
    if (end != amount.length() || period.isZero()) {
      throw new IllegalArgumentException("failed to parse duration " + text);
    }
    return period;
  }

  private static Field field(String text, int low, int high, List<String> names) {
    BitSet values = new BitSet();
    boolean any = false;
    for (String part : text.split(",", -1)) {
      any |= range(part, low, high, names, values);
    }
    return new Field(values, any);
  }

  private static boolean range(String part, int low, int high, List<String> names, BitSet values) {
    int slash = part.indexOf('/');
    String span = slash < 0 ? part : part.substring(0, slash);
    int step = slash < 0 ? 1 : number(part.substring(slash + 1), List.of());
    if (step < 1) {
      throw new IllegalArgumentException("step of range should be a positive number: " + part);
    }
    boolean star = span.equals("*") || span.equals("?");
    int dash = span.indexOf('-');
    int first = star ? low : number(dash < 0 ? span : span.substring(0, dash), names);
    int last =
        star || (slash >= 0 && dash < 0)
            ? high
            : dash < 0 ? first : number(span.substring(dash + 1), names);
    if (first < low) {
      throw new IllegalArgumentException(
          "beginning of range (" + first + ") below minimum (" + low + "): " + part);
    }
    if (last > high) {
      throw new IllegalArgumentException(
          "end of range (" + last + ") above maximum (" + high + "): " + part);
    }
    if (first > last) {
      throw new IllegalArgumentException(
          "beginning of range (" + first + ") beyond end of range (" + last + "): " + part);
    }
    for (int value = first; value <= last; value += step) {
      values.set(value);
    }
    return star && step == 1;
  }

  private static int number(String text, List<String> names) {
    int named = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0 && !text.isEmpty()) {
      return named;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException("failed to parse int from " + text);
    }
  }

  /** The first time after a moment, to the second; null if there is none within five years. */
  public @Nullable Instant next(Instant after, ZoneId zone) {
    if (period != null) {
      return after.truncatedTo(ChronoUnit.SECONDS).plus(period);
    }
    ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    ZonedDateTime end = time.plusYears(SEARCHED_YEARS);
    while (time.isBefore(end)) {
      if (!month.has(time.getMonthValue())) {
        time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
      } else if (!falls(time)) {
        time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hour.has(time.getHour())) {
        time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minute.has(time.getMinute())) {
        time = time.plusMinutes(1);
      } else {
        return time.toInstant();
      }
    }
    return null;
  }

  /** The last time after one moment and not after another; null if there is none. */
  public @Nullable Instant last(Instant after, Instant until, ZoneId zone) {
    Instant first = next(after, zone);
    if (first == null || first.isAfter(until)) {
      return null;
    }
    if (period != null) {
      return first.plus(period.multipliedBy(Duration.between(first, until).dividedBy(period)));
    }
    long low = first.getEpochSecond() / 60 - 1;
    long high = until.getEpochSecond() / 60;
    // A time is due after the minute low, and none is after the minute high.
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      Instant next = next(Instant.ofEpochSecond(middle * 60), zone);
      if (next != null && !next.isAfter(until)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return next(Instant.ofEpochSecond(low * 60), zone);
  }

  /** Where both kinds of day are restricted, either will do. */
  private boolean falls(ZonedDateTime time) {
    boolean ofMonth = day.has(time.getDayOfMonth());
    boolean ofWeek = weekday.has(time.getDayOfWeek().getValue() % 7);
    boolean either = !day.any() && !weekday.any();
    return either ? ofMonth || ofWeek : ofMonth && ofWeek;
  }
}
