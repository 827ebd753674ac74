package io.bulwark.api.quantity;

import io.bulwark.api.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Reads the textual form of quantities. */
final class QuantityParser {
  static final String SHAPE =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  private static final String SUFFIX = "unable to parse quantity's suffix";
  private static final int FINEST = 9;
  private static final int EXPONENT_LIMIT = 1000;
  private static final int DIGITS_LIMIT = 1000;
  private static final BigDecimal LARGEST_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);

  /** A power of ten or of two, with the form that it belongs to. */
  private record Scale(int base, int exponent, Format format) {}

  private QuantityParser() {}

  static Quantity parse(String text) {
    if (text.isEmpty() || text.length() > DIGITS_LIMIT) {
      throw new MalformedQuantity(SHAPE);
    }
    int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    int wholeStart = at;
    at = digits(text, at);
    String whole = text.substring(wholeStart, at);
    String fraction = "";
    if (at < text.length() && text.charAt(at) == '.') {
      int start = at + 1;
      at = digits(text, start);
      fraction = text.substring(start, at);
    }
    int suffixStart = at;
    while (at < text.length() && "eEinumkKMGTP".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    if (digits(text, at) != text.length()) {
      throw new MalformedQuantity(SHAPE);
    }
    Scale scale = scale(text.substring(suffixStart));
    if (scale == null) {
      throw new MalformedQuantity(SUFFIX);
    }
    BigDecimal amount = amount(text.charAt(0) == '-', whole + fraction, fraction.length(), scale);
    Format format = scale.format;
    if (format == Format.BINARY_SI && amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0) {
      format = Format.DECIMAL_SI;
    }
    return new Quantity(amount, format, kept(text, whole, fraction, scale));
  }

  private static BigDecimal amount(boolean negative, String digits, int fraction, Scale scale) {
    BigDecimal amount = new BigDecimal(new BigInteger("0" + digits), fraction);
    amount =
        scale.base == 10
            ? amount.scaleByPowerOfTen(scale.exponent)
            : amount.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(scale.exponent)));
    if (amount.scale() > FINEST) {
      amount = amount.setScale(FINEST, RoundingMode.UP);
    }
    if (scale.format == Format.BINARY_SI && amount.compareTo(LARGEST_BINARY) > 0) {
      amount = LARGEST_BINARY;
    }
    return negative ? amount.negate() : amount;
  }

  /** Upstream keeps the text of some amounts as it was written, even if it is not the shortest. */
  private static @Nullable String kept(String text, String whole, String fraction, Scale scale) {
    String stripped = whole.replaceFirst("^0+", "");
    String digits = (stripped.isEmpty() ? "0" : stripped) + fraction;
    if (digits.charAt(0) == '0') {
      return null;
    }
    if (scale.format == Format.BINARY_SI) {
      boolean fits = fraction.isEmpty() && 14 - stripped.length() - scale.exponent * 3 / 10 >= 0;
      return fits && (Long.parseLong(digits) & 7) != 0 ? text : null;
    }
    int power = scale.exponent - fraction.length();
    boolean fits = digits.length() <= 18 && power >= -FINEST;
    return fits && power % 3 == 0 && !digits.endsWith("000") ? text : null;
  }

  private static @Nullable Scale scale(String suffix) {
    return switch (suffix) {
      case "" -> new Scale(10, 0, Format.DECIMAL_SI);
      case "n" -> new Scale(10, -9, Format.DECIMAL_SI);
      case "u" -> new Scale(10, -6, Format.DECIMAL_SI);
      case "m" -> new Scale(10, -3, Format.DECIMAL_SI);
      case "k" -> new Scale(10, 3, Format.DECIMAL_SI);
      case "M" -> new Scale(10, 6, Format.DECIMAL_SI);
      case "G" -> new Scale(10, 9, Format.DECIMAL_SI);
      case "T" -> new Scale(10, 12, Format.DECIMAL_SI);
      case "P" -> new Scale(10, 15, Format.DECIMAL_SI);
      case "E" -> new Scale(10, 18, Format.DECIMAL_SI);
      case "Ki" -> new Scale(2, 10, Format.BINARY_SI);
      case "Mi" -> new Scale(2, 20, Format.BINARY_SI);
      case "Gi" -> new Scale(2, 30, Format.BINARY_SI);
      case "Ti" -> new Scale(2, 40, Format.BINARY_SI);
      case "Pi" -> new Scale(2, 50, Format.BINARY_SI);
      case "Ei" -> new Scale(2, 60, Format.BINARY_SI);
      default -> exponent(suffix);
    };
  }

  private static @Nullable Scale exponent(String suffix) {
    if (suffix.length() < 2 || (suffix.charAt(0) != 'e' && suffix.charAt(0) != 'E')) {
      return null;
    }
    try {
      int exponent = Integer.parseInt(suffix.substring(1));
      return Math.abs((long) exponent) > EXPONENT_LIMIT
          ? null
          : new Scale(10, exponent, Format.DECIMAL_EXPONENT);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
