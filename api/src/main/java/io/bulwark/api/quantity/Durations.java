package io.bulwark.api.quantity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Durations as Go writes them: {@code 1h2m3.5s}, {@code 300ms}, {@code 0s}.
 *
 * <p>Source: package time of Go; range and resolution are those of 64 bits of nanoseconds.
 */
public final class Durations {
  private static final long SECOND = 1_000_000_000L;

  private Durations() {}

  /**
   * @throws MalformedQuantity with Go's message
   */
  public static Duration parse(String text) {
    String rest = text;
    boolean negative = rest.startsWith("-");
    if (negative || rest.startsWith("+")) {
      rest = rest.substring(1);
    }
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigInteger nanos = BigInteger.ZERO;
    while (!rest.isEmpty()) {
      int number = 0;
      while (number < rest.length()
          && (rest.charAt(number) == '.' || Character.isDigit(rest.charAt(number)))) {
        number++;
      }
      int unit = number;
      while (unit < rest.length()
          && rest.charAt(unit) != '.'
          && !Character.isDigit(rest.charAt(unit))) {
        unit++;
      }
      nanos = nanos.add(term(text, rest.substring(0, number), rest.substring(number, unit)));
      rest = rest.substring(unit);
    }
    if (nanos.bitLength() > 63) {
      throw invalid(text);
    }
    Duration duration = Duration.ofNanos(nanos.longValue());
    return negative ? duration.negated() : duration;
  }

  private static BigInteger term(String text, String number, String unit) {
    if (number.length() > 40 || !number.matches("[0-9]+\\.?[0-9]*|\\.[0-9]+")) {
      throw invalid(text);
    }
    long scale =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> SECOND;
          case "m" -> 60 * SECOND;
          case "h" -> 3600 * SECOND;
          case "" -> throw new MalformedQuantity("time: missing unit in duration \"" + text + "\"");
          default ->
              throw new MalformedQuantity(
                  "time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
        };
    String padded = number.startsWith(".") ? "0" + number : number;
    return new BigDecimal(padded.endsWith(".") ? padded + "0" : padded)
        .multiply(BigDecimal.valueOf(scale))
        .setScale(0, RoundingMode.DOWN)
        .toBigInteger();
  }

  private static MalformedQuantity invalid(String text) {
    return new MalformedQuantity("time: invalid duration \"" + text + "\"");
  }

  /** The text that Go prints. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    long nanos = duration.toNanos();
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return plain(nanos, 3) + "µs";
    }
    if (nanos < SECOND) {
      return plain(nanos, 6) + "ms";
    }
    long minutes = nanos / (60 * SECOND);
    String seconds = plain(nanos % (60 * SECOND), 9) + "s";
    if (minutes == 0) {
      return seconds;
    }
    return minutes < 60
        ? minutes + "m" + seconds
        : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
  }

  private static String plain(long unscaled, int scale) {
    BigDecimal value = BigDecimal.valueOf(unscaled, scale).stripTrailingZeros();
    return value.signum() == 0 ? "0" : value.toPlainString();
  }
}
