package io.bulwark.cluster.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
  private static final ZoneId UTC = ZoneId.of("UTC");

  @ParameterizedTest
  @CsvSource({
    "*/1 * * * ?, 2026-11-22T05:17:30Z, 2026-11-22T05:18:00Z",
    "'0,30 9-17 * * mon-fri', 2026-11-21T10:00:00Z, 2026-11-23T09:00:00Z",
    "0 0 29 2 *, 2026-01-01T00:00:00Z, 2028-02-29T00:00:00Z",
    "0 0 13 * fri, 2026-11-14T00:00:00Z, 2026-11-20T00:00:00Z",
    "@hourly, 2026-11-22T05:17:30Z, 2026-11-22T06:00:00Z",
    "@every 90m, 2026-11-22T05:17:30Z, 2026-11-22T06:47:30Z",
    "10/20 * * * *, 2026-11-22T05:31:00Z, 2026-11-22T05:50:00Z"
  })
  void theNextTimeIsFound(String schedule, String after, String expected) {
    assertEquals(
        Instant.parse(expected), CronSchedule.parse(schedule).next(Instant.parse(after), UTC));
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 * * *, 2026-01-01T00:00:30Z, 2026-11-22T05:17:30Z, 2026-11-22T00:00:00Z",
    "* * * * *, 2025-01-01T00:00:00Z, 2026-11-22T05:17:00Z, 2026-11-22T05:17:00Z",
    "* * 1 1 *, 2025-01-01T00:00:00Z, 2026-11-22T05:17:00Z, 2026-01-01T23:59:00Z",
    "0 0 * * *, 2026-11-21T00:00:30Z, 2026-11-22T00:00:00Z, 2026-11-22T00:00:00Z",
    "@every 90m, 2026-11-22T00:00:00Z, 2026-11-22T05:17:30Z, 2026-11-22T04:30:00Z",
    "0 0 * * *, 2026-11-22T00:00:00Z, 2026-11-22T23:59:59Z,"
  })
  void theLastTimeIsFoundHoweverManyCameBefore(
      String schedule, Instant after, Instant until, @Nullable Instant expected) {
    assertEquals(expected, CronSchedule.parse(schedule).last(after, until, UTC));
  }

  @Test
  void aTimeZoneShiftsIt() {
    assertEquals(
        Instant.parse("2026-11-22T23:00:00Z"),
        CronSchedule.parse("0 0 * * *")
            .next(Instant.parse("2026-11-22T05:00:00Z"), ZoneId.of("Europe/Berlin")));
  }

  @Test
  void whatNeverComesIsNull() {
    assertNull(CronSchedule.parse("0 0 31 2 *").next(Instant.parse("2026-11-22T05:00:00Z"), UTC));
  }

  @ParameterizedTest
  @CsvSource({
    "'* * *', 'expected exactly 5 fields, found 3: [*, *, *]'",
    "61 * * * *, end of range (61) above maximum (59): 61",
    "@never, unrecognized descriptor: @never",
    "a * * * *, failed to parse int from a"
  })
  void whatIsMalformedIsNamed(String schedule, String message) {
    var malformed =
        assertThrows(IllegalArgumentException.class, () -> CronSchedule.parse(schedule));
    assertEquals(message, malformed.getMessage());
  }
}
