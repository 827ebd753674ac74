package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields that are always written, and what stands in them when nothing was said: clients that
 * read {@code status.replicas} find a number. Thread-safe.
 *
 * <p>Source: the tags of the types in k8s.io/api, read by {@code conformance/cmd/zeros}.
 */
final class Zeros {
  private static final Map<String, Map<String, @Nullable Object>> BY_TYPE = read();

  private Zeros() {}

  /** Of a schema, by field; empty structs are empty trees and must be copied. */
  static Map<String, @Nullable Object> of(String schema) {
    return BY_TYPE.getOrDefault(schema, Map.of());
  }

  /** Puts them into a value of a type and into all that it holds. */
  static void fill(@Nullable Object value, Shape shape) {
    if (shape.form() == Shape.Form.ANY) {
      return; // nothing is known of what is below
    }
    switch (value) {
      case Tree tree -> {
        shape
            .zeros()
            .forEach(
                (field, zero) -> {
                  if (!tree.containsKey(field)) {
                    tree.put(field, zero instanceof Tree ? new Tree() : zero);
                  }
                });
        tree.forEach((key, below) -> fill(below, Elements.member(shape, key)));
      }
      case TreeList list -> list.forEach(element -> fill(element, shape.element()));
      case null, default -> {}
    }
  }

  /** Removes from a value of a type, and from all that it holds, what is the same as absence. */
  static void drop(@Nullable Object value, Shape shape) {
    if (shape.form() == Shape.Form.ANY) {
      return; // nothing is known of what is below
    }
    switch (value) {
      case Tree tree -> {
        if (shape.form() == Shape.Form.STRUCT) {
          Map<String, @Nullable Object> kept = shape.zeros();
          tree.entrySet()
              .removeIf(
                  member ->
                      !kept.containsKey(member.getKey())
                          && absent(member.getValue(), Elements.member(shape, member.getKey())));
        }
        tree.forEach((key, below) -> drop(below, Elements.member(shape, key)));
      }
      case TreeList list -> list.forEach(element -> drop(element, shape.element()));
      case null, default -> {}
    }
  }

  private static boolean absent(@Nullable Object value, Shape shape) {
    if (shape.keepsZero()) {
      return false;
    }
    return switch (shape.form()) {
      case STRING -> "".equals(value);
      case INTEGER -> Long.valueOf(0).equals(value);
      case BOOLEAN -> Boolean.FALSE.equals(value);
      case LIST -> value instanceof TreeList list && list.isEmpty();
      case MAP -> value instanceof Tree tree && tree.isEmpty();
      case STRUCT, BYTES, TIME, MICRO_TIME, NUMBER, INT_OR_STRING, QUANTITY, ANY -> false;
    };
  }

  /** What an object of a type has before anything is set, with empty lists and maps for null. */
  static Tree blank(Shape shape) {
    Tree blank = new Tree();
    shape
        .zeros()
        .forEach(
            (field, zero) -> {
              Shape type = Elements.member(shape, field);
              if (zero instanceof Tree) {
                blank.put(field, blank(type));
              } else if (zero != null) {
                blank.put(field, zero);
              } else if (type.form() == Shape.Form.LIST) {
                blank.put(field, new TreeList());
              } else if (type.form() == Shape.Form.MAP) {
                blank.put(field, new Tree());
              }
            });
    return blank;
  }

  private static Map<String, Map<String, @Nullable Object>> read() {
    Map<String, Map<String, @Nullable Object>> types = new HashMap<>();
    try (InputStream in = Zeros.class.getResourceAsStream("zeros.tsv")) {
      if (in == null) {
        throw new IllegalStateException("zeros.tsv is missing from the class path");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                String[] row = line.split("\t", 3);
                types
                    .computeIfAbsent(row[0], _ -> new TreeMap<>())
                    .put(row[1], Json.readAny(row[2].getBytes(StandardCharsets.UTF_8), null));
              });
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return types;
  }
}
