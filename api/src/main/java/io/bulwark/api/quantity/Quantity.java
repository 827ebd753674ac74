package io.bulwark.api.quantity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An exact amount of a resource, such as {@code 250m}, {@code 1.5Gi} or {@code 2e3}, with the form
 * in which it is written. Never finer than one billionth: parsing rounds away from zero.
 *
 * <p>Equality and order are those of the amount; the form plays no part. Immutable, thread-safe.
 *
 * <p>Source: k8s.io/apimachinery pkg/api/resource.
 */
public final class Quantity implements Comparable<Quantity> {
  /** How an amount is written. */
  public enum Format {
    /** {@code 100m}, {@code 3k}. */
    DECIMAL_SI,
    /** {@code 4Ki}. */
    BINARY_SI,
    /** {@code 1e3}. */
    DECIMAL_EXPONENT
  }

  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI, null);

  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigInteger KIBI_WHOLE = BigInteger.valueOf(1024);
  private static final String[] DECIMAL_SUFFIXES = {
    "n", "u", "m", "", "k", "M", "G", "T", "P", "E"
  };
  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private final BigDecimal amount;
  private final Format format;
  private @Nullable String text;

  Quantity(BigDecimal amount, Format format, @Nullable String text) {
    this.amount = amount;
    this.format = format;
    this.text = text;
  }

  /**
   * @throws MalformedQuantity with upstream's message
   */
  public static Quantity parse(String text) {
    return QuantityParser.parse(text);
  }

  /** The quantity that a text stands for, or null if it is none. */
  public static @Nullable Quantity tryParse(String text) {
    try {
      return parse(text);
    } catch (MalformedQuantity none) {
      return null;
    }
  }

  /**
   * The quantity that a value of a tree stands for: a string or a number.
   *
   * @param value null is zero
   * @throws MalformedQuantity if the value is neither or cannot be parsed
   */
  public static Quantity of(@Nullable Object value) {
    return switch (value) {
      case null -> ZERO;
      case String string -> parse(string);
      case Long number -> parse(Long.toString(number));
      case Double number when Double.isFinite(number) ->
          parse(BigDecimal.valueOf(number).toPlainString());
      default -> throw new MalformedQuantity(QuantityParser.SHAPE);
    };
  }

  /** A whole amount, written in a form. */
  public static Quantity of(long amount, Format format) {
    return new Quantity(BigDecimal.valueOf(amount), format, null);
  }

  /** So many thousandths, written as decimal. */
  public static Quantity ofMilli(long thousandths) {
    return new Quantity(BigDecimal.valueOf(thousandths, 3), Format.DECIMAL_SI, null);
  }

  public BigDecimal amount() {
    return amount;
  }

  public Format format() {
    return format;
  }

  /** The whole amount, rounded away from zero; at the bounds of {@code long} where beyond. */
  public long value() {
    return saturated(amount);
  }

  /** The amount in thousandths, rounded away from zero; at the bounds of {@code long}. */
  public long milliValue() {
    return saturated(amount.scaleByPowerOfTen(3));
  }

  private static long saturated(BigDecimal amount) {
    if (amount.signum() == 0) {
      return 0;
    }
    if (amount.precision() - (long) amount.scale() > 20) {
      return amount.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    BigInteger whole = amount.setScale(0, RoundingMode.UP).toBigInteger();
    if (whole.bitLength() > 63) {
      return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return whole.longValue();
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** -1, 0 or 1. */
  public int sign() {
    return amount.signum();
  }

  /** The sum, in the form of this quantity unless this is zero. */
  public Quantity add(Quantity other) {
    return new Quantity(amount.add(other.amount), isZero() ? other.format : format, null);
  }

  /** The difference, in the form of this quantity unless this is zero. */
  public Quantity subtract(Quantity other) {
    return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format, null);
  }

  public Quantity negate() {
    return new Quantity(amount.negate(), format, null);
  }

  /** This amount so many times, in the same form. */
  public Quantity multiply(long factor) {
    return new Quantity(amount.multiply(BigDecimal.valueOf(factor)), format, null);
  }

  /** The greater of the two; the first where they are equal. */
  public static Quantity max(Quantity a, Quantity b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** The lesser of the two; the first where they are equal. */
  public static Quantity min(Quantity a, Quantity b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quantity quantity && compareTo(quantity) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  /** The canonical text, as upstream stores it. */
  @Override
  public String toString() {
    String made = text;
    if (made == null) {
      made = canonical();
      text = made;
    }
    return made;
  }

  private String canonical() {
    if (isZero()) {
      return "0";
    }
    if (format == Format.BINARY_SI
        && amount.abs().compareTo(KIBI) >= 0
        && amount.stripTrailingZeros().scale() <= 0) {
      return binary();
    }
    BigDecimal stripped = amount.stripTrailingZeros();
    int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
    String digits = stripped.scaleByPowerOfTen(-exponent).toBigInteger().toString();
    if (exponent == 0) {
      return digits;
    }
    int at = exponent / 3 + 3;
    boolean named = format != Format.DECIMAL_EXPONENT && at >= 0 && at < DECIMAL_SUFFIXES.length;
    return digits + (named ? DECIMAL_SUFFIXES[at] : "e" + exponent);
  }

  private String binary() {
    BigInteger whole = amount.toBigInteger();
    int power = 0;
    while (power < BINARY_SUFFIXES.length - 1) {
      BigInteger[] divided = whole.divideAndRemainder(KIBI_WHOLE);
      if (divided[1].signum() != 0) {
        break;
      }
      whole = divided[0];
      power++;
    }
    return whole + BINARY_SUFFIXES[power];
  }
}
