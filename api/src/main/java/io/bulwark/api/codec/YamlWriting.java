package io.bulwark.api.codec;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes one document in block style. */
final class YamlWriting {
  /** Texts that other readers of YAML take for a date or a number of base 60. */
  private static final Pattern MISLEADING =
      Pattern.compile(
          "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");

  private final StringBuilder out = new StringBuilder(512);

  String document(Tree tree) {
    if (tree.isEmpty()) {
      return "{}\n";
    }
    mapping(tree, 0, false);
    return out.toString();
  }

  private void mapping(Tree tree, int level, boolean firstInLine) {
    for (int i = 0; i < tree.size(); i++) {
      if (i > 0 || !firstInLine) {
        indent(level);
      }
      scalar(tree.keyAt(i), level, true);
      out.append(':');
      value(tree.valueAt(i), level);
    }
  }

  private void value(@Nullable Object value, int level) {
    switch (value) {
      case Tree tree when !tree.isEmpty() -> {
        out.append('\n');
        mapping(tree, level + 1, false);
      }
      case TreeList list when !list.isEmpty() -> {
        out.append('\n');
        sequence(list, level, false);
      }
      case null, default -> {
        out.append(' ');
        leaf(value, level);
      }
    }
  }

  private void sequence(TreeList list, int level, boolean firstInLine) {
    for (int i = 0; i < list.size(); i++) {
      if (i > 0 || !firstInLine) {
        indent(level);
      }
      out.append("- ");
      switch (list.get(i)) {
        case Tree tree when !tree.isEmpty() -> mapping(tree, level + 1, true);
        case TreeList inner when !inner.isEmpty() -> sequence(inner, level + 1, true);
        case null -> leaf(null, level);
        case Object other -> leaf(other, level);
      }
    }
  }

  private void leaf(@Nullable Object value, int level) {
    switch (value) {
      case Tree empty -> out.append("{}");
      case TreeList empty -> out.append("[]");
      case String text -> {
        scalar(text, level, false);
        if (out.charAt(out.length() - 1) == '\n') {
          return;
        }
      }
      case null, default -> out.append(Json.text(value));
    }
    out.append('\n');
  }

  private void scalar(String text, int level, boolean key) {
    if (!key && text.indexOf('\n') >= 0 && blockable(text)) {
      block(text, level + 1);
    } else if (!(plainMeaning(text) instanceof String)
        || !printable(text)
        || MISLEADING.matcher(text).matches()) {
      quoted(text);
    } else if (plainSafe(text)) {
      out.append(text);
    } else {
      out.append('\'').append(text.replace("'", "''")).append('\'');
    }
  }

  private void quoted(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (printable(c)) {
            out.append(c);
          } else {
            out.append("\\u%04x".formatted((int) c));
          }
        }
      }
    }
    out.append('"');
  }

  private static @Nullable Object plainMeaning(String text) {
    try {
      return YamlScalars.plain(text);
    } catch (MalformedBody notFinite) {
      return null;
    }
  }

  private void block(String text, int level) {
    boolean ends = text.endsWith("\n");
    boolean keeps = text.endsWith("\n\n");
    out.append('|');
    if (text.charAt(0) == ' ') {
      out.append('2');
    }
    out.append(keeps ? "+" : ends ? "" : "-").append('\n');
    String body = ends ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      if (!line.isEmpty()) {
        indent(level);
        out.append(line);
      }
      out.append('\n');
    }
  }

  private static boolean blockable(String text) {
    if (text.charAt(0) == '\n' || text.indexOf(" \n") >= 0 || text.endsWith(" ")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\n' && c != '\t' && !printable(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!printable(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean printable(char c) {
    return c >= ' '
        && c != 0x7f
        && !(c >= 0x80 && c < 0xa0)
        && c != 0xfeff
        && c <= 0xfffd
        && !lineBreak(c);
  }

  private static boolean lineBreak(char c) {
    return c == 0x2028 || c == 0x2029 || c == 0x85;
  }

  private static boolean plainSafe(String text) {
    char first = text.charAt(0);
    if ("-?:,[]{}#&*!|>'\"%@`= ".indexOf(first) >= 0 || text.equals("<<")) {
      boolean word = (first == '-' || first == '?' || first == ':') && text.length() > 1;
      if (!word || text.charAt(1) == ' ' || text.startsWith("---")) {
        return false;
      }
    }
    return !text.startsWith("...")
        && !text.endsWith(" ")
        && !text.endsWith(":")
        && !text.contains(": ")
        && !text.contains(" #")
        && text.indexOf('\t') < 0;
  }

  private void indent(int level) {
    out.append("  ".repeat(level));
  }
}
