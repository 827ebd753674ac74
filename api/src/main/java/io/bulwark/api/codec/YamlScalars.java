package io.bulwark.api.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What scalars mean. */
final class YamlScalars {
  private static final String PREFIX = "tag:yaml.org,2002:";
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final BigInteger LONGEST = BigInteger.ONE.shiftLeft(64);

  private YamlScalars() {}

  /**
   * @param plain whether the scalar has neither quotes nor a tag
   * @param tag empty for none
   */
  static @Nullable Object value(String text, boolean plain, String tag) {
    if (plain) {
      return plain(text);
    }
    if (!tag.startsWith(PREFIX)) {
      return text;
    }
    String wanted = tag.substring(PREFIX.length());
    Object value =
        switch (wanted) {
          case "binary" -> binary(text);
          case "int", "float", "bool", "null" -> plain(text);
          default -> text;
        };
    boolean fits =
        switch (wanted) {
          case "int" -> value instanceof Long;
          case "float" -> value instanceof Double || value instanceof Long;
          case "bool" -> value instanceof Boolean;
          case "null" -> value == null;
          default -> true;
        };
    if (!fits) {
      throw new MalformedBody("yaml: cannot decode `" + text + "` as a !!" + wanted);
    }
    return value;
  }

  private static String binary(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new MalformedBody("yaml: !!binary value contains invalid base64 data");
    }
  }

  /** The meaning of a scalar that has neither quotes nor a tag. */
  static @Nullable Object plain(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON" -> true;
      case "false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF" -> false;
      case ".nan", ".NaN", ".NAN" -> throw unsupported("NaN");
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> throw unsupported("+Inf");
      case "-.inf", "-.Inf", "-.INF" -> throw unsupported("-Inf");
      default -> numeric(text.charAt(0)) ? numberOr(text) : text;
    };
  }

  private static MalformedBody unsupported(String value) {
    return new MalformedBody("json: unsupported value: " + value);
  }

  private static boolean numeric(char first) {
    return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
  }

  private static Object numberOr(String text) {
    boolean fraction = text.charAt(0) == '.';
    String digits = fraction ? text : text.replace("_", "");
    Object whole = fraction ? null : whole(digits);
    if (whole != null) {
      return whole;
    }
    if (FLOAT.matcher(digits).matches()) {
      double number = Double.parseDouble(digits);
      if (Double.isFinite(number)) {
        return integral(number) ? (Object) (long) number : (Object) number;
      }
    }
    return text;
  }

  private static boolean integral(double number) {
    boolean negativeZero = number == 0 && 1 / number < 0;
    return number == Math.rint(number) && Math.abs(number) < 1e15 && !negativeZero;
  }

  private static @Nullable Object whole(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
          };
      boolean marked = radix != 8 || digits.charAt(1) == 'o' || digits.charAt(1) == 'O';
      digits = digits.substring(marked ? 2 : 1);
    }
    if (digits.isEmpty() || digits.length() > 70) {
      return null;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), radix) < 0 || digits.charAt(i) > 'f') {
        return null;
      }
    }
    BigInteger number = new BigInteger(digits, radix);
    if (negative) {
      number = number.negate();
    }
    if (number.bitLength() <= 63) {
      return number.longValue();
    }
    return !negative && number.compareTo(LONGEST) < 0 ? (Object) number.doubleValue() : null;
  }
}
