package io.bulwark.api.codec;

import io.bulwark.api.quantity.Durations;
import io.bulwark.api.quantity.MalformedQuantity;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.schema.Type;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes trees as messages, last field first. */
record ProtobufWriting(ReverseBuffer out) {
  static final String JSON_SCHEMA =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

  /** Writes the fields of a message; fields that the type does not have are left out. */
  void message(WireMessage message, Tree tree) {
    for (int i = message.count() - 1; i >= 0; i--) {
      switch (message.slot(i)) {
        case WireMessage.OfField(int number, Field field) -> {
          Object value = tree.get(field.name());
          if (value != null) {
            field(number, field.type(), value);
          }
        }
        case WireMessage.Inlined(int number, WireMessage inner) -> {
          int end = out.size();
          message(inner, tree);
          out.lengthAndTag(number, end);
        }
      }
    }
  }

  private void field(int number, Type type, Object value) {
    switch (type) {
      case Type.ListOf list when list.wrapped() -> {
        int end = out.size();
        elements(1, list.element(), want(TreeList.class, value));
        out.lengthAndTag(number, end);
      }
      case Type.ListOf list -> elements(number, list.element(), want(TreeList.class, value));
      case Type.MapOf map -> {
        Tree entries = want(Tree.class, value);
        for (int i = entries.size() - 1; i >= 0; i--) {
          int end = out.size();
          Object content = entries.valueAt(i);
          if (content != null) {
            field(2, map.value(), content);
          } else if (map.value() == Type.Scalar.TIME) {
            out.block(2, new byte[0]);
          }
          out.text(1, entries.keyAt(i));
          out.lengthAndTag(number, end);
        }
      }
      case Type.ObjectOf object -> object(number, object.schema(), want(Tree.class, value));
      case Type.Scalar scalar -> scalar(number, scalar, value);
    }
  }

  private void elements(int number, Type element, TreeList list) {
    for (int i = list.size() - 1; i >= 0; i--) {
      Object value = list.get(i);
      if (value != null) {
        field(number, element, value);
      }
    }
  }

  private void object(int number, Schema schema, Tree tree) {
    int end = out.size();
    message(WireMessage.of(schema), tree);
    out.lengthAndTag(number, end);
  }

  private void scalar(int number, Type.Scalar scalar, Object value) {
    int end = out.size();
    switch (scalar) {
      case STRING -> {
        out.text(number, want(String.class, value));
        return;
      }
      case INT32, INT64 -> {
        out.number(number, whole(value));
        return;
      }
      case BOOLEAN -> {
        out.number(number, want(Boolean.class, value) ? 1 : 0);
        return;
      }
      case DOUBLE -> {
        double content = value instanceof Long whole ? whole : want(Double.class, value);
        out.fixed64(Double.doubleToRawLongBits(content));
        out.tag(number, ReverseBuffer.FIXED64);
        return;
      }
      case BYTES -> {
        out.block(number, base64(want(String.class, value)));
        return;
      }
      case INT_OR_STRING -> intOrString(value);
      case QUANTITY -> out.text(1, quantity(value));
      case TIME -> time(want(String.class, value), false);
      case MICRO_TIME -> time(want(String.class, value), true);
      case DURATION -> out.number(1, nanoseconds(want(String.class, value)));
      case RAW_EXTENSION, FIELDS_V1, JSON -> out.block(1, Json.writeAny(value));
      case SCHEMA_OR_ARRAY -> {
        switch (value) {
          case TreeList list -> elements(2, new Type.ObjectOf(JSON_SCHEMA), list);
          default -> object(1, Schemas.type(JSON_SCHEMA), want(Tree.class, value));
        }
      }
      case SCHEMA_OR_BOOL -> {
        if (value instanceof Tree tree) {
          object(2, Schemas.type(JSON_SCHEMA), tree);
          out.number(1, 1);
        } else {
          out.number(1, want(Boolean.class, value) ? 1 : 0);
        }
      }
      case SCHEMA_OR_STRINGS -> {
        switch (value) {
          case TreeList list -> elements(2, Type.Scalar.STRING, list);
          default -> object(1, Schemas.type(JSON_SCHEMA), want(Tree.class, value));
        }
      }
      case EMPTY_OBJECT -> {}
    }
    out.lengthAndTag(number, end);
  }

  private void intOrString(Object value) {
    if (value instanceof String text) {
      out.text(3, text);
      out.number(2, 0);
      out.number(1, 1);
    } else {
      out.text(3, "");
      out.number(2, whole(value));
      out.number(1, 0);
    }
  }

  private void time(String text, boolean fractions) {
    Instant instant;
    try {
      instant = OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException("\"" + text + "\" is no time", wrong);
    }
    out.number(2, fractions ? instant.getNano() : 0);
    out.number(1, instant.getEpochSecond());
  }

  private static long nanoseconds(String text) {
    try {
      return Durations.parse(text).toNanos();
    } catch (MalformedQuantity wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  private static String quantity(Object value) {
    try {
      return value instanceof String text ? text : Quantity.of(value).toString();
    } catch (MalformedQuantity wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  private static byte[] base64(String text) {
    return Base64.getMimeDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static long whole(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? number.longValue()
        : want(Long.class, value);
  }

  private static <T> T want(Class<T> type, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "expected " + type.getSimpleName() + ", found " + Json.text(value));
    }
    return type.cast(value);
  }
}
