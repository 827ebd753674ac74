package io.bulwark.api.selector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks objects by the values of fields; all requirements must hold. Which fields a kind offers is
 * for the caller to check. Immutable and thread-safe.
 *
 * <p>Source: k8s.io/apimachinery pkg/fields.
 */
public record FieldSelector(List<FieldRequirement> requirements) {
  private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  public FieldSelector {
    requirements = List.copyOf(requirements);
  }

  public static FieldSelector everything() {
    return EVERYTHING;
  }

  /**
   * Parses {@code a=b,c!=d,e==f}; {@code \\}, {@code \,} and {@code \=} stand for the second
   * character in values.
   *
   * @param selector empty or null for everything
   * @throws MalformedSelector with upstream's message
   */
  public static FieldSelector parse(@Nullable String selector) {
    if (selector == null || selector.isEmpty()) {
      return EVERYTHING;
    }
    List<FieldRequirement> found = new ArrayList<>();
    for (String term : terms(selector)) {
      if (!term.isEmpty()) {
        found.add(requirement(selector, term));
      }
    }
    return new FieldSelector(found);
  }

  private static List<String> terms(String selector) {
    List<String> terms = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ',') {
        terms.add(selector.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(selector.substring(start));
    Collections.sort(terms);
    return terms;
  }

  private static FieldRequirement requirement(String selector, String term) {
    for (int i = 0; i < term.length(); i++) {
      for (String sign : List.of("!=", "==", "=")) {
        if (term.startsWith(sign, i)) {
          return new FieldRequirement(
              term.substring(0, i),
              !sign.equals("!="),
              unescaped(term.substring(i + sign.length())));
        }
      }
    }
    throw new MalformedSelector(
        "invalid selector: '" + selector + "'; can't understand '" + term + "'");
  }

  private static String unescaped(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        String next = i < value.length() ? value.substring(i, i + 1) : "";
        if (next.isEmpty() || "\\,=".indexOf(next.charAt(0)) < 0) {
          throw new MalformedSelector("invalid field selector: invalid escape sequence: \\" + next);
        }
        plain.append(next);
      } else if (c == ',' || c == '=') {
        throw new MalformedSelector(
            "invalid field selector: unescaped character in value: " + (int) c);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  public boolean matchesEverything() {
    return requirements.isEmpty();
  }

  /**
   * Whether an object passes.
   *
   * @param values gives the value of a field; absent fields read as the empty string
   */
  public boolean matches(Function<String, String> values) {
    for (FieldRequirement requirement : requirements) {
      if (values.apply(requirement.field()).equals(requirement.value()) != requirement.equal()) {
        return false;
      }
    }
    return true;
  }

  /** The value that a field must have, or null where the selector does not fix it. */
  public @Nullable String requiredValue(String field) {
    for (FieldRequirement requirement : requirements) {
      if (requirement.equal() && requirement.field().equals(field)) {
        return requirement.value();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return requirements.stream().map(FieldRequirement::toString).collect(Collectors.joining(","));
  }
}
