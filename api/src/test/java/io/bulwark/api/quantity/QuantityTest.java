package io.bulwark.api.quantity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "100m,100m",
    "1000m,1",
    "1500m,1500m",
    "0.5,500m",
    "1.5,1500m",
    "1.500,1.500",
    "1024Mi,1Gi",
    "1.5Gi,1536Mi",
    "100Mi,100Mi",
    "1Ki,1Ki",
    "1023,1023",
    "0.5Ki,512",
    "1e3,1e3",
    "12e2,1200",
    "1E,1E",
    "1.1E,1100P",
    "123456789,123456789",
    "1000000,1M",
    "0.1n,1n",
    "-0.5,-500m",
    "-1Gi,-1Gi",
    "+1,+1",
    ".5,500m",
    "5.,5.",
    "100000k,100M",
    "8Ki,8Ki",
    "1048576,1048576",
    "9223372036854775807Ei,9223372036854775807",
    "0.0000000001,1n",
    "00100m,00100m",
    "3e-3,3e-3",
    "300e-3,300e-3",
  })
  void writesTheCanonicalText(String text, String canonical) {
    assertEquals(canonical, Quantity.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "100m,1,100",
    "1,1,1000",
    "1.1,2,1100",
    "-1.1,-2,-1100",
    "1Gi,1073741824,1073741824000",
    "0,0,0",
    "1n,1,1",
    "8Ei,9223372036854775807,9223372036854775807",
  })
  void roundsAwayFromZero(String text, long value, long milliValue) {
    assertEquals(value, Quantity.parse(text).value());
    assertEquals(milliValue, Quantity.parse(text).milliValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.1.1", "aa", "1 ", "1i", "1e", "1kk", "1e99999", "--1"})
  void refusesOtherTexts(String text) {
    assertThrows(MalformedQuantity.class, () -> Quantity.parse(text));
  }

  @Test
  void namesTheBrokenPart() {
    assertEquals(
        "unable to parse quantity's suffix",
        assertThrows(MalformedQuantity.class, () -> Quantity.parse("1kk")).getMessage());
    assertEquals(
        "quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        assertThrows(MalformedQuantity.class, () -> Quantity.parse("x")).getMessage());
  }

  @Test
  void addsInTheFormOfTheFirst() {
    assertEquals("1536Mi", Quantity.parse("1Gi").add(Quantity.parse("512Mi")).toString());
    assertEquals("512Mi", Quantity.ZERO.add(Quantity.parse("512Mi")).toString());
    assertEquals("-500m", Quantity.parse("500m").subtract(Quantity.parse("1")).toString());
    assertEquals(Quantity.parse("1"), Quantity.parse("1000m"));
    assertTrue(Quantity.parse("1Gi").compareTo(Quantity.parse("1G")) > 0);
    assertEquals(Quantity.parse("2"), Quantity.of((Object) 2L));
  }

  @Property
  void canonicalTextsMeanTheSameAmount(@ForAll @LongRange(min = -1L << 52, max = 1L << 52) long n) {
    for (Quantity.Format format : Quantity.Format.values()) {
      Quantity quantity = Quantity.of(n, format);
      assertEquals(quantity, Quantity.parse(quantity.toString()));
    }
    assertEquals(Quantity.ofMilli(n), Quantity.parse(Quantity.ofMilli(n).toString()));
  }
}
