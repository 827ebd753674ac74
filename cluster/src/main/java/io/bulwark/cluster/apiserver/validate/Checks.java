package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the broken rules of one object; for one thread. */
final class Checks {
  private final Set<FieldError> errors = new LinkedHashSet<>();

  List<FieldError> errors() {
    return List.copyOf(errors);
  }

  void add(FieldError error) {
    errors.add(error);
  }

  void addAll(List<FieldError> more) {
    errors.addAll(more);
  }

  void required(String path, String detail) {
    add(FieldError.required(path, detail));
  }

  void invalid(String path, @Nullable Object value, String detail) {
    add(FieldError.invalid(path, value, detail));
  }

  void forbidden(String path, String detail) {
    add(FieldError.forbidden(path, detail));
  }

  void tooLong(String path, String detail) {
    add(new FieldError(FieldError.Type.TOO_LONG, path, null, detail));
  }

  void notFound(String path, @Nullable Object value) {
    add(new FieldError(FieldError.Type.NOT_FOUND, path, value, ""));
  }

  /** Each broken rule of a syntax as one error of the same value. */
  void syntax(String path, String value, List<String> problems) {
    problems.forEach(problem -> invalid(path, value, problem));
  }

  /** Whether a text is there; else it is required. */
  boolean present(Tree tree, String field, String path, String detail) {
    if (tree.textOrEmpty(field).isEmpty()) {
      required(path + "." + field, detail);
      return false;
    }
    return true;
  }

  void oneOf(Tree tree, String field, String path, String... allowed) {
    String value = tree.textOrEmpty(field);
    if (!Arrays.asList(allowed).contains(value)) {
      if (value.isEmpty()) {
        required(below(path, field), "");
      } else {
        String[] sorted = allowed.clone();
        Arrays.sort(sorted);
        add(FieldError.notSupported(below(path, field), value, Arrays.asList(sorted)));
      }
    }
  }

  private static String below(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** A number, where there is one, that must not be negative. */
  void notNegative(Tree tree, String field, String path) {
    if (tree.get(field) instanceof Long value && value < 0) {
      invalid(path + "." + field, value, "must be greater than or equal to 0");
    }
  }

  /** A number, where there is one, that must be positive. */
  void positive(Tree tree, String field, String path) {
    if (tree.get(field) instanceof Long value && value <= 0) {
      invalid(path + "." + field, value, "must be greater than 0");
    }
  }

  void port(@Nullable Object value, String path) {
    long port = value instanceof Long number ? number : 0;
    if (port < 1 || port > 65_535) {
      invalid(path, port, "must be between 1 and 65535, inclusive");
    }
  }

  /** A port by number or by name. */
  void portOrName(@Nullable Object value, String path) {
    if (value instanceof String name) {
      syntax(path, name, Syntax.portName(name));
    } else {
      port(value, path);
    }
  }

  void immutable(Tree object, Tree live, String path, String... steps) {
    if (!Objects.equals(object.at(steps), live.at(steps))) {
      invalid(path, object.at(steps), "field is immutable");
    }
  }

  /** Names that must be unique; each repetition is an error at its path. */
  final class Unique {
    private final Set<Object> seen = new HashSet<>();

    void add(String path, Object value) {
      if (!seen.add(value)) {
        Checks.this.add(FieldError.duplicate(path, value));
      }
    }
  }
}
