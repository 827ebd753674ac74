package io.bulwark.api.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The sentences were taken from upstream's server. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | unexpected end of JSON input",
        "{\"a\":\"b | unexpected end of JSON input",
        "x | invalid character 'x' looking for beginning of value",
        "{\"a\":} | invalid character '}' looking for beginning of value",
        "{\"a\":1}x | invalid character 'x' after top-level value",
        "{\"a\" 1} | invalid character '1' after object key",
        "{\"a\":01} | invalid character '1' after object key:value pair",
        "{\"a\":\"\\q\"} | invalid character 'q' in string escape code",
        "{'a':1} | invalid character '\\'' looking for beginning of object key string",
        "{\"a\":1,} | invalid character '}' looking for beginning of object key string",
        "{\"a\":tru} | invalid character '}' in literal true (expecting 'e')",
        "[1,] | invalid character ']' looking for beginning of value",
        "[1 2] | invalid character '2' after array element",
      })
  void faultsHaveUpstreamsWords(String json, String words) {
    assertEquals(
        words,
        assertThrows(MalformedBody.class, () -> Json.readAny(bytes(json), null)).getMessage());
  }

  @Test
  void readsAsDeepAsUpstreamWithoutUsingUpTheStack() {
    int levels = Json.READ_DEPTH;
    assertTrue(Json.tooDeep(Json.readAny(bytes("[".repeat(levels) + "]".repeat(levels)), null)));
    assertFalse(Json.tooDeep(Json.readAny(bytes("[[{\"a\":[1,{}]}]]"), null)));
    byte[] deeper = bytes("[".repeat(levels + 1) + "]".repeat(levels + 1));
    assertEquals(
        "invalid character '[' exceeded max depth",
        assertThrows(MalformedBody.class, () -> Json.readAny(deeper, null)).getMessage());
  }

  @Test
  void nestedValuesAndDuplicatesKeepTheirPlaces() {
    String json = "{\"a\":[1,{\"b\":{\"c\":null,\"c\":[]}},\"x\"],\"a2\":{},\"z\":[[],[2.5]]}";
    List<String> duplicates = new ArrayList<>();
    Object value = Json.readAny(bytes(json), duplicates);
    assertEquals(
        "{\"a\":[1,{\"b\":{\"c\":[]}},\"x\"],\"a2\":{},\"z\":[[],[2.5]]}", Json.text(value));
    assertEquals(List.of("a[1].b.c"), duplicates);
  }
}
