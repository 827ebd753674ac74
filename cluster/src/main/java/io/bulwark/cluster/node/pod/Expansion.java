package io.bulwark.cluster.node.pod;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Expands {@code $(NAME)} in commands, arguments, values and paths. {@code $$} stands for one
 * dollar sign; an unknown name stays as it is written.
 */
public final class Expansion {
  private Expansion() {}

  /**
   * @param values the value of a name, or null where it has none
   */
  public static String expand(String text, Function<String, @Nullable String> values) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    int at = 0;
    while (at < text.length()) {
      char each = text.charAt(at);
      if (each != '$' || at + 1 == text.length()) {
        out.append(each);
        at++;
        continue;
      }
      char next = text.charAt(at + 1);
      int end = next == '(' ? text.indexOf(')', at + 2) : -1;
      if (end > 0) {
        String name = text.substring(at + 2, end);
        String value = values.apply(name);
        out.append(value == null ? "$(" + name + ")" : value);
        at = end + 1;
      } else if (next == '$') {
        out.append('$');
        at += 2;
      } else {
        out.append(each).append(next);
        at += 2;
      }
    }
    return out.toString();
  }
}
