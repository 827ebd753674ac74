package io.bulwark.api.codec;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON to trees and back. Writing is canonical: keys sorted, no white space, shortest numbers.
 *
 * <p>Thread-safe.
 */
public final class Json {
  /** Deepest nesting that is read. Source: Go's encoding/json. */
  public static final int READ_DEPTH = 10_000;

  /**
   * Deepest nesting that is kept and written. Trees are walked by recursion, for which the stack of
   * a virtual thread holds a few thousand levels.
   */
  public static final int DEPTH = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(READ_DEPTH)
                  .maxStringLength(16 * 1024 * 1024)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(2 * DEPTH).build())
          .build();

  private Json() {}

  /**
   * Reads one object.
   *
   * @throws MalformedBody if the bytes are not exactly one JSON object
   */
  public static Tree read(byte[] json) {
    return read(json, null);
  }

  /**
   * Reads one object and collects the paths of duplicate keys ({@code spec.x}); the last one wins.
   *
   * @throws MalformedBody if the bytes are not exactly one JSON object
   */
  public static Tree read(byte[] json, @Nullable List<String> duplicates) {
    Object value = readAny(json, duplicates);
    if (value instanceof Tree tree) {
      return tree;
    }
    throw new MalformedBody(
        "json: cannot unmarshal "
            + nameOf(value)
            + " into Go value of type map[string]interface {}");
  }

  /** What upstream's messages call a value: {@code array}, {@code number}, ... */
  public static String nameOf(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Tree _ -> "object";
      case TreeList _ -> "array";
      case String _ -> "string";
      case Boolean _ -> "bool";
      default -> "number";
    };
  }

  /** Reads any JSON value; numbers become {@code Long} where they fit, else {@code Double}. */
  public static @Nullable Object readAny(byte[] json, @Nullable List<String> duplicates) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      Object value = new JsonReading(parser, duplicates).value();
      if (parser.nextToken() != null) {
        throw new MalformedBody(
            java.util.Objects.requireNonNullElse(
                JsonFault.of(json, READ_DEPTH), "invalid character after top-level value"));
      }
      return value;
    } catch (StreamReadException | StreamConstraintsException broken) {
      String fault = JsonFault.of(json, READ_DEPTH);
      throw new MalformedBody(fault == null ? broken.getOriginalMessage() : fault);
    }
  }

  /** Whether a value nests deeper than {@link #DEPTH}. */
  public static boolean tooDeep(@Nullable Object value) {
    return deeper(value, DEPTH);
  }

  private static boolean deeper(@Nullable Object value, int levels) {
    if (levels < 0) {
      return true;
    }
    if (value instanceof Tree tree) {
      for (int i = 0; i < tree.size(); i++) {
        if (deeper(tree.valueAt(i), levels - 1)) {
          return true;
        }
      }
    } else if (value instanceof TreeList list) {
      for (int i = 0; i < list.size(); i++) {
        if (deeper(list.get(i), levels - 1)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Reads objects that follow one another in a stream, such as the events of a watch. Nothing is
   * read before the first object is asked for. The caller closes the input.
   */
  public static Stream stream(InputStream json) {
    return new Stream(json);
  }

  /** A sequence of JSON objects; not thread-safe. */
  public static final class Stream {
    private final InputStream json;
    private @Nullable JsonParser parser;

    private Stream(InputStream json) {
      this.json = json;
    }

    /** The next object, or null at the end. Blocks until it is complete. */
    public @Nullable Tree next() {
      JsonParser reading = parser;
      if (reading == null) {
        reading = FACTORY.createParser(ObjectReadContext.empty(), json);
        parser = reading;
      }
      JsonToken token = reading.nextToken();
      if (token == null) {
        return null;
      }
      return (Tree) new JsonReading(reading, null).valueAt(token);
    }
  }

  /** Canonical bytes of a tree. */
  public static byte[] write(Tree tree) {
    return writeAny(tree);
  }

  /** Canonical bytes of any value that may stand in a tree. */
  public static byte[] writeAny(@Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(generator, value);
    }
    return out.toByteArray();
  }

  /** Canonical text of any value that may stand in a tree. */
  public static String text(@Nullable Object value) {
    return new String(writeAny(value), StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Long number -> generator.writeNumber(number);
      case Boolean flag -> generator.writeBoolean(flag);
      case Double number -> writeDouble(generator, number);
      case Tree tree -> {
        generator.writeStartObject();
        for (int i = 0; i < tree.size(); i++) {
          generator.writeName(tree.keyAt(i));
          write(generator, tree.valueAt(i));
        }
        generator.writeEndObject();
      }
      case TreeList list -> {
        generator.writeStartArray();
        for (int i = 0; i < list.size(); i++) {
          write(generator, list.get(i));
        }
        generator.writeEndArray();
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  /** Source: Go's encoding/json, which writes an exponent below 1e-6 and from 1e21 on. */
  private static void writeDouble(JsonGenerator generator, double number) {
    double size = Math.abs(number);
    if (size == 0) {
      generator.writeNumber(1 / number < 0 ? "-0" : "0");
    } else if (size >= 1e-6 && size < 1e21) {
      generator.writeNumber(
          new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString());
    } else {
      String[] parts = Double.toString(number).split("E", 2);
      String digits =
          parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
      generator.writeNumber(digits + (parts[1].startsWith("-") ? "e" : "e+") + parts[1]);
    }
  }

  /** One pass over a parser. */
  private record JsonReading(JsonParser parser, @Nullable List<String> duplicates) {
    @Nullable Object value() {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new MalformedBody("unexpected end of JSON input");
      }
      return valueAt(token);
    }

    /** Without recursion: documents nest deeper than a stack holds. */
    @Nullable Object valueAt(JsonToken first) {
      List<Object> open = new ArrayList<>();
      List<String> path = new ArrayList<>();
      String name = "";
      JsonToken token = first;
      while (true) {
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          Object done = open.removeLast();
          if (open.isEmpty()) {
            return done;
          }
          path.removeLast();
        } else {
          Object value = start(token);
          boolean opens = value instanceof Tree || value instanceof TreeList;
          if (open.isEmpty()) {
            if (!opens) {
              return value;
            }
          } else {
            name = put(open.getLast(), name, value, path);
            if (opens) {
              path.add(name);
            }
          }
          if (opens) {
            open.add(java.util.Objects.requireNonNull(value));
          }
        }
        if (open.getLast() instanceof Tree) {
          String key = parser.nextName();
          name = key == null ? "" : key;
          token = key == null ? JsonToken.END_OBJECT : parser.nextToken();
        } else {
          token = parser.nextToken();
        }
      }
    }

    /** Puts a value into a tree or at the end of a list; the step that leads to it. */
    private String put(Object into, String name, @Nullable Object value, List<String> path) {
      if (into instanceof TreeList list) {
        list.add(value);
        return "[" + (list.size() - 1) + "]";
      }
      Tree tree = (Tree) into;
      if (duplicates != null && tree.containsKey(name)) {
        path.add(name);
        duplicates.add(dotted(path));
        path.removeLast();
      }
      tree.put(name, value);
      return name;
    }

    /** A scalar, or an empty tree or list that is to be filled. */
    private @Nullable Object start(JsonToken token) {
      return switch (token) {
        case START_OBJECT -> new Tree();
        case START_ARRAY -> new TreeList();
        case VALUE_NULL -> null;
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_STRING -> parser.getString();
        case VALUE_NUMBER_INT ->
            parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? (Object) parser.getDoubleValue()
                : (Object) parser.getLongValue();
        case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
        default -> throw new MalformedBody("unexpected " + token);
      };
    }

    private static String dotted(List<String> path) {
      StringBuilder text = new StringBuilder();
      for (String step : path) {
        if (text.length() > 0 && !step.startsWith("[")) {
          text.append('.');
        }
        text.append(step);
      }
      return text.toString();
    }
  }
}
