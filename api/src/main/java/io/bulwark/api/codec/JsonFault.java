package io.bulwark.api.codec;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with a document that is no JSON, in the words of upstream's parser. Slow and
 * only used once a document has failed. Not thread-safe.
 *
 * <p>Source: messages of Go's encoding/json.
 */
final class JsonFault {
  private static final String END = "unexpected end of JSON input";

  private final byte[] json;
  private final int limit;
  private final BitSet objects = new BitSet();
  private int at;
  private int depth;

  private JsonFault(byte[] json, int limit) {
    this.json = json;
    this.limit = limit;
  }

  /** The message, or null where the document has no fault that upstream would find. */
  static @Nullable String of(byte[] json, int depth) {
    try {
      new JsonFault(json, depth).document();
      return null;
    } catch (MalformedBody fault) {
      return fault.getMessage();
    }
  }

  private void document() {
    boolean wanted = value();
    while (wanted || depth > 0) {
      wanted = wanted ? value() : after();
    }
    space();
    if (at < json.length) {
      throw unexpected("after top-level value");
    }
  }

  /** Reads a scalar or opens an object or list; whether a value must follow. */
  private boolean value() {
    int first = peek();
    switch (first) {
      case '{' -> {
        open(true);
        if (peek() == '}') {
          return close();
        }
        key();
        return true;
      }
      case '[' -> {
        open(false);
        return peek() != ']' || close();
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        if (first != '-' && !digit(first)) {
          throw unexpected("looking for beginning of value");
        }
        number();
      }
    }
    return false;
  }

  /** What follows a value that is in something; whether a value must follow. */
  private boolean after() {
    int next = peek();
    boolean object = objects.get(depth);
    if (next == ',') {
      at++;
      if (object) {
        key();
      }
      return true;
    }
    if (next != (object ? '}' : ']')) {
      throw unexpected(object ? "after object key:value pair" : "after array element");
    }
    return close();
  }

  private void open(boolean object) {
    if (depth == limit) {
      throw unexpected("exceeded max depth");
    }
    objects.set(++depth, object);
    at++;
  }

  private boolean close() {
    at++;
    depth--;
    return false;
  }

  private void key() {
    if (peek() != '"') {
      throw unexpected("looking for beginning of object key string");
    }
    string();
    if (peek() != ':') {
      throw unexpected("after object key");
    }
    at++;
  }

  private void string() {
    at++;
    for (int next = current(); next != '"'; next = current()) {
      if (next < ' ') {
        throw unexpected("in string literal");
      }
      at++;
      if (next == '\\') {
        escape();
      }
    }
    at++;
  }

  private void escape() {
    int kind = current();
    if ("bfnrt\\/\"u".indexOf(kind) < 0) {
      throw unexpected("in string escape code");
    }
    at++;
    for (int i = 0; kind == 'u' && i < 4; i++) {
      if (Character.digit(current(), 16) < 0) {
        throw unexpected("in \\u hexadecimal character escape");
      }
      at++;
    }
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (current() != word.charAt(i)) {
        throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
      at++;
    }
  }

  private void number() {
    if (current() == '-') {
      at++;
    }
    if (current() == '0') {
      at++;
    } else {
      digits("in numeric literal");
    }
    if (at < json.length && json[at] == '.') {
      at++;
      digits("after decimal point in numeric literal");
    }
    if (at < json.length && (json[at] | 0x20) == 'e') {
      at++;
      if (current() == '+' || current() == '-') {
        at++;
      }
      digits("in exponent of numeric literal");
    }
  }

  private void digits(String place) {
    if (!digit(current())) {
      throw unexpected(place);
    }
    while (at < json.length && digit(json[at])) {
      at++;
    }
  }

  private static boolean digit(int character) {
    return character >= '0' && character <= '9';
  }

  private void space() {
    while (at < json.length && " \t\r\n".indexOf(json[at]) >= 0) {
      at++;
    }
  }

  private int peek() {
    space();
    return current();
  }

  private int current() {
    if (at >= json.length) {
      throw new MalformedBody(END);
    }
    return json[at] & 0xff;
  }

  private MalformedBody unexpected(String place) {
    return new MalformedBody("invalid character " + quoted(json[at]) + " " + place);
  }

  private static String quoted(byte character) {
    return switch (character) {
      case '\'' -> "'\\''";
      case '\\' -> "'\\\\'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      default -> {
        int code = character & 0xff;
        if (code < ' ' || code == 0x7f) {
          yield "'\\x%02x'".formatted(code);
        }
        yield "'" + new String(new byte[] {character}, StandardCharsets.ISO_8859_1) + "'";
      }
    };
  }
}
