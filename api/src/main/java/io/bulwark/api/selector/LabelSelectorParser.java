package io.bulwark.api.selector;

import io.bulwark.api.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One reading of the textual form; not reusable. */
final class LabelSelectorParser {
  private static final String SIGNS = "=!(),><";
  private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

  /** A word or sign; the end is an empty sign. */
  private record Token(String text, boolean sign) {
    boolean is(String wanted) {
      return sign && text.equals(wanted);
    }

    boolean end() {
      return sign && text.isEmpty();
    }

    boolean word() {
      return !sign;
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  LabelSelectorParser(String text) {
    this.text = text;
  }

  List<LabelRequirement> parse() {
    split();
    List<LabelRequirement> found = new ArrayList<>();
    while (!peek().end()) {
      if (!startsRequirement(peek())) {
        throw unexpected(peek(), ", expected: !, identifier, or 'end of string'");
      }
      try {
        found.add(requirement());
      } catch (MalformedSelector wrong) {
        throw new MalformedSelector("unable to parse requirement: " + wrong.getMessage());
      }
      Token next = take();
      if (next.end()) {
        break;
      }
      if (!next.is(",")) {
        throw unexpected(next, ", expected: ',' or 'end of string'");
      }
      if (!startsRequirement(peek())) {
        throw unexpected(peek(), ", expected: identifier after ','");
      }
    }
    return found;
  }

  private LabelRequirement requirement() {
    Token first = take();
    boolean negated = first.is("!");
    Token key = negated ? take() : first;
    if (!key.word()) {
      throw unexpected(key, ", expected: identifier");
    }
    List<String> errors = LabelSyntax.keyErrors(key.text);
    if (!errors.isEmpty()) {
      throw new MalformedSelector(
          "<nil>: Invalid value: \"" + key.text + "\": " + String.join("; ", errors));
    }
    if (negated) {
      return LabelRequirement.checked(key.text, Operator.DOES_NOT_EXIST, new TreeSet<>());
    }
    if (peek().end() || peek().is(",")) {
      return LabelRequirement.checked(key.text, Operator.EXISTS, new TreeSet<>());
    }
    Token sign = take();
    Operator operator = operator(sign);
    if (operator == null) {
      throw unexpected(sign, ", expected: " + OPERATORS);
    }
    boolean set = operator == Operator.IN || operator == Operator.NOT_IN;
    return LabelRequirement.checked(key.text, operator, set ? valueSet() : exactValue());
  }

  private static @Nullable Operator operator(Token token) {
    return switch (token.text) {
      case "in" -> Operator.IN;
      case "notin" -> Operator.NOT_IN;
      case "=" -> Operator.EQUALS;
      case "==" -> Operator.DOUBLE_EQUALS;
      case "!=" -> Operator.NOT_EQUALS;
      case ">" -> Operator.GREATER;
      case "<" -> Operator.LESS;
      default -> null;
    };
  }

  private TreeSet<String> exactValue() {
    TreeSet<String> values = new TreeSet<>();
    if (peek().end() || peek().is(",")) {
      values.add("");
      return values;
    }
    Token value = take();
    if (!value.word()) {
      throw unexpected(value, ", expected: identifier");
    }
    values.add(value.text);
    return values;
  }

  private TreeSet<String> valueSet() {
    Token open = take();
    if (!open.is("(")) {
      throw unexpected(open, " expected: '('");
    }
    TreeSet<String> values = new TreeSet<>();
    Token first = peek();
    if (first.is(")")) {
      take();
      values.add("");
      return values;
    }
    if (!first.word() && !first.is(",")) {
      throw unexpected(first, ", expected: ',', ')' or identifier");
    }
    boolean more = true;
    while (more) {
      Token token = take();
      if (token.word()) {
        values.add(token.text);
        if (peek().is(")")) {
          more = false;
        } else if (!peek().is(",")) {
          throw unexpected(peek(), ", expected: ',' or ')'");
        }
      } else if (token.is(",")) {
        if (values.isEmpty() || peek().is(",")) {
          values.add("");
        }
        if (peek().is(")")) {
          values.add("");
          more = false;
        }
      } else {
        throw unexpected(token, ", expected: ',', or identifier");
      }
    }
    take();
    return values;
  }

  private void split() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (blank(c)) {
        i++;
      } else if (SIGNS.indexOf(c) >= 0) {
        int length = text.startsWith("==", i) || text.startsWith("!=", i) ? 2 : 1;
        tokens.add(new Token(text.substring(i, i + length), true));
        i += length;
      } else {
        int start = i;
        while (i < text.length() && !blank(text.charAt(i)) && SIGNS.indexOf(text.charAt(i)) < 0) {
          i++;
        }
        tokens.add(new Token(text.substring(start, i), false));
      }
    }
    tokens.add(new Token("", true));
  }

  private static boolean startsRequirement(Token token) {
    return token.word() || token.is("!");
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    Token token = tokens.get(at);
    if (!token.end()) {
      at++;
    }
    return token;
  }

  private static MalformedSelector unexpected(Token token, String expected) {
    return new MalformedSelector("found '" + token.text + "'" + expected);
  }
}
