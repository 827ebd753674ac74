package io.bulwark.api.failure;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.jspecify.annotations.Nullable;

/**
 * One broken rule of one field.
 *
 * @param field the path as upstream writes it: {@code spec.containers[0].image}
 * @param value the offending value, or null where upstream prints none
 * @param detail the rule, in upstream's words where upstream has them
 */
public record FieldError(Type type, String field, @Nullable Object value, String detail) {
  /** The kinds of broken rule, with upstream's cause reasons and message openings. */
  public enum Type {
    REQUIRED("FieldValueRequired", "Required value"),
    INVALID("FieldValueInvalid", "Invalid value"),
    NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
    DUPLICATE("FieldValueDuplicate", "Duplicate value"),
    NOT_FOUND("FieldValueNotFound", "Not found"),
    FORBIDDEN("FieldValueForbidden", "Forbidden"),
    TOO_LONG("FieldValueTooLong", "Too long"),
    TOO_MANY("FieldValueTooMany", "Too many"),
    TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
    INTERNAL("InternalError", "Internal error");

    private final String reason;
    private final String words;

    Type(String reason, String words) {
      this.reason = reason;
      this.words = words;
    }

    /** The {@code reason} of the cause in a Status. */
    public String reason() {
      return reason;
    }

    String words() {
      return words;
    }
  }

  public static FieldError required(String field, String detail) {
    return new FieldError(Type.REQUIRED, field, null, detail);
  }

  public static FieldError invalid(String field, @Nullable Object value, String detail) {
    return new FieldError(Type.INVALID, field, value, detail);
  }

  public static FieldError forbidden(String field, String detail) {
    return new FieldError(Type.FORBIDDEN, field, null, detail);
  }

  public static FieldError duplicate(String field, @Nullable Object value) {
    return new FieldError(Type.DUPLICATE, field, value, "");
  }

  /**
   * @param supported the allowed values, printed in the order given
   */
  public static FieldError notSupported(
      String field, @Nullable Object value, Iterable<String> supported) {
    StringBuilder detail = new StringBuilder("supported values: ");
    boolean first = true;
    for (String allowed : supported) {
      detail.append(first ? "" : ", ").append('"').append(allowed).append('"');
      first = false;
    }
    return new FieldError(Type.NOT_SUPPORTED, field, value, detail.toString());
  }

  /** The message of a cause: everything but the field. */
  public String body() {
    StringBuilder body = new StringBuilder(type.words());
    if (value != null) {
      body.append(": ");
      switch (value) {
        case String text -> body.append(Json.text(text));
        case Tree tree -> body.append(Json.text(tree));
        case TreeList list -> body.append(Json.text(list));
        default -> body.append(value);
      }
    }
    if (!detail.isEmpty()) {
      body.append(": ").append(detail);
    }
    return body.toString();
  }

  /** {@code field: message}. */
  @Override
  public String toString() {
    return field + ": " + body();
  }
}
