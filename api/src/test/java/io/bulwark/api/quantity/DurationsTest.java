package io.bulwark.api.quantity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0,0,0s", "1h2m3.5s,3723500000000,1h2m3.5s", "90s,90000000000,1m30s", "300ms,300000000,300ms",
    "1.5us,1500,1.5µs", "-2m,-120000000000,-2m0s", "7ns,7,7ns", "24h,86400000000000,24h0m0s",
    ".5s,500000000,500ms",
  })
  void parsesAndFormats(String text, long nanos, String formatted) {
    assertEquals(Duration.ofNanos(nanos), Durations.parse(text));
    assertEquals(formatted, Durations.format(Duration.ofNanos(nanos)));
  }

  @Test
  void refusesInGosWords() {
    assertEquals("time: invalid duration \"\"", refused(""));
    assertEquals("time: missing unit in duration \"5\"", refused("5"));
    assertEquals("time: unknown unit \"d\" in duration \"5d\"", refused("5d"));
    assertEquals("time: invalid duration \"x\"", refused("x"));
    assertEquals("time: invalid duration \"9999999h\"", refused("9999999h"));
  }

  private static String refused(String text) {
    return assertThrows(MalformedQuantity.class, () -> Durations.parse(text)).getMessage();
  }
}
