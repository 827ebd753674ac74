package io.bulwark.cluster.image.inventory.language;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads what is wanted of a JSON document and skips the rest, without keeping it. */
final class JsonWalk {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Reads one value: the parser stands on its first token, and on its last afterwards. */
  interface Reader {
    void read(JsonParser parser);
  }

  /** Reads one member of an object. */
  interface Member {
    void read(String name, JsonParser parser);
  }

  private JsonWalk() {}

  /**
   * Reads a document.
   *
   * @throws IOException if it is no JSON, or nested deeper than 500
   */
  static void document(byte[] json, Reader reader) throws IOException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), skipMark(json))) {
      if (parser.nextToken() != null) {
        reader.read(parser);
      }
    } catch (JacksonException malformed) {
      throw new IOException(malformed.getOriginalMessage(), malformed);
    }
  }

  /** The members of an object; nothing for another value, which is skipped. */
  static void object(JsonParser parser, Member member) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    String name;
    while ((name = parser.nextName()) != null) {
      parser.nextToken();
      member.read(name, parser);
    }
  }

  /** The elements of an array; nothing for another value, which is skipped. */
  static void array(JsonParser parser, Reader element) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element.read(parser);
    }
  }

  /** The members of an object that are texts, numbers or flags, as text; all others are skipped. */
  static Map<String, String> scalars(JsonParser parser) {
    Map<String, String> scalars = new HashMap<>();
    object(
        parser,
        (name, value) -> {
          if (value.currentToken().isScalarValue()) {
            scalars.put(name, value.getString());
          } else {
            value.skipChildren();
          }
        });
    return scalars;
  }

  private static byte[] skipMark(byte[] json) {
    boolean mark =
        json.length > 2
            && json[0] == (byte) 0xef
            && json[1] == (byte) 0xbb
            && json[2] == (byte) 0xbf;
    return mark ? java.util.Arrays.copyOfRange(json, 3, json.length) : json;
  }
}
