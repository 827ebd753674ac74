package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.quantity.MalformedQuantity;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Canonical forms of scalars that have several spellings. */
final class Scalars {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private Scalars() {}

  static String quantity(Object value) throws Unmarshal {
    String text =
        switch (value) {
          case String string -> string.strip();
          case Long number -> number.toString();
          case Double number -> BigDecimal.valueOf(number).toPlainString();
          case Tree _, TreeList _, Boolean _ ->
              throw new Unmarshal(
                  "quantities must match the regular expression"
                      + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
          default -> value.toString();
        };
    try {
      return Quantity.parse(text).toString();
    } catch (MalformedQuantity malformed) {
      throw new Unmarshal(String.valueOf(malformed.getMessage()));
    }
  }

  static String bytes(String text) throws Unmarshal {
    String packed = text.replace("\n", "").replace("\r", "");
    try {
      if (packed.length() % 4 != 0) {
        throw new IllegalArgumentException();
      }
      Base64.getDecoder().decode(packed);
      return packed;
    } catch (IllegalArgumentException malformed) {
      throw new Unmarshal("illegal base64 data at input byte " + firstBad(packed));
    }
  }

  private static int firstBad(String packed) {
    for (int i = 0; i < packed.length(); i++) {
      char c = packed.charAt(i);
      boolean digit =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!digit) {
        return i;
      }
    }
    return packed.length() - packed.length() % 4;
  }

  static String time(String text, boolean micros) throws Unmarshal {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      return micros
          ? MICROS.format(instant.truncatedTo(ChronoUnit.MICROS))
          : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeException malformed) {
      String layout = micros ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
      throw new Unmarshal(
          "parsing time \"" + text + "\" as \"" + layout + "\": cannot parse \"" + text + "\"");
    }
  }
}
