package io.bulwark.api.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One term of a label selector.
 *
 * @param values sorted, without duplicates
 */
public record LabelRequirement(String key, Operator operator, List<String> values) {
  /** How a requirement compares, with the sign that its textual form has. */
  public enum Operator {
    IN(" in "),
    NOT_IN(" notin "),
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    GREATER(">"),
    LESS("<"),
    EXISTS(""),
    DOES_NOT_EXIST("!");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }
  }

  public LabelRequirement {
    values = List.copyOf(values);
  }

  /**
   * A requirement whose key, operator and values are in order.
   *
   * @throws MalformedSelector naming all that is wrong
   */
  static LabelRequirement checked(String key, Operator operator, SequencedSet<String> values) {
    List<String> errors = new ArrayList<>(0);
    problem(errors, "key", key, LabelSyntax.keyErrors(key));
    int count = values.size();
    switch (operator) {
      case IN, NOT_IN -> {
        if (count == 0) {
          errors.add(
              "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
        }
      }
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> {
        if (count != 1) {
          errors.add(
              "values: Invalid value: "
                  + quoted(values)
                  + ": exact-match compatibility requires one single value");
        }
      }
      case EXISTS, DOES_NOT_EXIST -> {
        if (count != 0) {
          errors.add(
              "values: Invalid value: "
                  + quoted(values)
                  + ": values set must be empty for exists and does not exist");
        }
      }
      case GREATER, LESS -> {
        if (count != 1) {
          errors.add(
              "values: Invalid value: "
                  + quoted(values)
                  + ": for 'Gt', 'Lt' operators, exactly one value is required");
        }
        int at = 0;
        for (String value : values) {
          if (wholeNumber(value) == null) {
            problem(
                errors,
                "values[" + at + "]",
                value,
                List.of("for 'Gt', 'Lt' operators, the value must be an integer"));
          }
          at++;
        }
      }
    }
    int at = 0;
    for (String value : values) {
      problem(errors, "values[" + at++ + "][" + key + "]", value, LabelSyntax.valueErrors(value));
    }
    if (!errors.isEmpty()) {
      throw new MalformedSelector(
          errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
    }
    return new LabelRequirement(key, operator, List.copyOf(values));
  }

  private static void problem(List<String> errors, String at, String value, List<String> rules) {
    if (!rules.isEmpty()) {
      errors.add(at + ": Invalid value: \"" + value + "\": " + String.join("; ", rules));
    }
  }

  private static String quoted(SequencedSet<String> values) {
    return values.isEmpty() ? "[]" : "[\"" + String.join("\",\"", values) + "\"]";
  }

  /**
   * Whether an object passes.
   *
   * @param value of the label with this key, or null where the object has none
   */
  public boolean matches(@Nullable String value) {
    return switch (operator) {
      case IN, EQUALS, DOUBLE_EQUALS -> value != null && values.contains(value);
      case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GREATER, LESS -> compares(value);
    };
  }

  private boolean compares(@Nullable String value) {
    Long have = value == null ? null : wholeNumber(value);
    Long bound = wholeNumber(values.getFirst());
    if (have == null || bound == null) {
      return false;
    }
    return operator == Operator.GREATER ? have > bound : have < bound;
  }

  private static @Nullable Long wholeNumber(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  @Override
  public String toString() {
    return switch (operator) {
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case IN, NOT_IN -> key + operator.sign + "(" + String.join(",", new TreeSet<>(values)) + ")";
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER, LESS ->
          key + operator.sign + values.getFirst();
    };
  }
}
