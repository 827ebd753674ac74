package io.bulwark.cluster.image.version;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Maven's order: hyphens and changes between letters and digits open a nested list; known words
 * have a place before or after the release; trailing nulls do not count.
 *
 * <p>Source: maven.apache.org/pom.html, "Version Order Specification", as of Maven 3.9.
 */
final class MavenOrder implements VersionOrder {
  private static final List<String> WORDS =
      List.of("alpha", "beta", "milestone", "rc", "snapshot", "", "sp");
  private static final int RELEASE = WORDS.indexOf("");

  private sealed interface Item {}

  private record Digits(String text) implements Item {}

  private record Word(String text) implements Item {}

  private record WordWithNumber(Word word, String number) implements Item {}

  private record Nested(List<Item> items) implements Item {}

  @Override
  public int compare(String one, String other) {
    return compareLists(new Reading(one).read(), new Reading(other).read());
  }

  private static int compareLists(Nested a, Nested b) {
    for (int i = 0; i < Math.max(a.items.size(), b.items.size()); i++) {
      Item left = i < a.items.size() ? a.items.get(i) : null;
      Item right = i < b.items.size() ? b.items.get(i) : null;
      int order =
          left == null ? right == null ? 0 : -compareItems(right, null) : compareItems(left, right);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareItems(Item a, @Nullable Item b) {
    return switch (a) {
      case Digits digits ->
          switch (b) {
            case null -> digits.text.isEmpty() ? 0 : 1;
            case Digits other -> Numerals.compare(digits.text, other.text);
            case Word _, WordWithNumber _, Nested _ -> 1;
          };
      case Word word ->
          switch (b) {
            case null -> compareWords(word, new Word(""));
            case Digits _, Nested _ -> -1;
            case Word other -> compareWords(word, other);
            case WordWithNumber other -> {
              int order = compareWords(word, other.word);
              yield order == 0 ? -1 : order;
            }
          };
      case WordWithNumber both ->
          switch (b) {
            case null -> compareWords(both.word, new Word(""));
            case Digits _, Nested _ -> -1;
            case Word other -> {
              int order = compareWords(both.word, other);
              yield order == 0 ? 1 : order;
            }
            case WordWithNumber other -> {
              int order = compareWords(both.word, other.word);
              yield order == 0 ? Numerals.compare(both.number, other.number) : order;
            }
          };
      case Nested nested ->
          switch (b) {
            case null -> compareWithNothing(nested);
            case Digits _ -> -1;
            case Word _, WordWithNumber _ -> 1;
            case Nested other -> compareLists(nested, other);
          };
    };
  }

  private static int compareWithNothing(Nested nested) {
    for (Item item : nested.items) {
      int order = compareItems(item, null);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareWords(Word a, Word b) {
    int placeA = place(a.text);
    int placeB = place(b.text);
    return placeA == WORDS.size() && placeB == WORDS.size()
        ? a.text.compareTo(b.text)
        : Integer.compare(placeA, placeB);
  }

  private static int place(String word) {
    return switch (word) {
      case "ga", "final", "release" -> RELEASE;
      default -> WORDS.contains(word) ? WORDS.indexOf(word) : WORDS.size();
    };
  }

  /** One pass over a version. */
  private static final class Reading {
    private final String version;
    private final Nested root = new Nested(new ArrayList<>());
    private final Deque<Nested> open = new ArrayDeque<>();
    private Nested list = root;
    private boolean digits;
    private boolean joined;
    private int start;

    Reading(String version) {
      this.version = version.toLowerCase(Locale.ENGLISH);
      open.push(root);
    }

    Nested read() {
      for (int i = 0; i < version.length(); i++) {
        char c = version.charAt(i);
        if (c == '.') {
          list.items.add(i == start ? new Digits("") : item(i));
          joined = false;
          start = i + 1;
        } else if (c == '-') {
          hyphen(i);
        } else if (Numerals.digit(c)) {
          if (!digits && i > start) {
            joined = true;
            nestUnlessFirst();
          }
          digits = true;
        } else {
          if (digits && i > start) {
            list.items.add(item(i));
            start = i;
            nest();
            joined = false;
          }
          digits = false;
        }
      }
      if (version.length() > start) {
        if (!digits) {
          nestUnlessFirst();
        }
        list.items.add(item(version.length()));
      }
      open.forEach(Reading::normalize);
      return root;
    }

    private void hyphen(int i) {
      if (i == start) {
        list.items.add(new Digits(""));
      } else {
        if (!digits && i + 1 < version.length() && Numerals.digit(version.charAt(i + 1))) {
          joined = true;
          return;
        }
        list.items.add(item(i));
      }
      start = i + 1;
      nestUnlessFirst();
      joined = false;
    }

    private void nestUnlessFirst() {
      if (!list.items.isEmpty()) {
        nest();
      }
    }

    private void nest() {
      Nested inner = new Nested(new ArrayList<>());
      list.items.add(inner);
      list = inner;
      open.push(inner);
    }

    private Item item(int end) {
      String text = version.substring(start, end);
      if (joined) {
        String compact = text.replace("-", "");
        int number = 0;
        while (number < compact.length() && !Numerals.digit(compact.charAt(number))) {
          number++;
        }
        return new WordWithNumber(
            word(compact.substring(0, number), true), compact.substring(number));
      }
      return digits ? new Digits(Numerals.stripped(text)) : word(text, false);
    }

    private static Word word(String text, boolean withNumber) {
      return new Word(
          switch (text) {
            case "cr" -> "rc";
            case "a" -> withNumber ? "alpha" : text;
            case "b" -> withNumber ? "beta" : text;
            case "m" -> withNumber ? "milestone" : text;
            default -> text;
          });
    }

    private static void normalize(Nested nested) {
      List<Item> items = nested.items;
      for (int i = items.size() - 1; i >= 0; i--) {
        if (!nothing(items.get(i))) {
          continue;
        }
        if (i == items.size() - 1 || items.get(i + 1) instanceof Word) {
          items.remove(i);
        } else if (items.get(i + 1) instanceof Nested(List<Item> inner)
            && !inner.isEmpty()
            && (inner.getFirst() instanceof WordWithNumber || inner.getFirst() instanceof Word)) {
          items.remove(i);
        }
      }
    }

    private static boolean nothing(Item item) {
      return switch (item) {
        case Digits digits -> digits.text.isEmpty();
        case Word word -> word.text.isEmpty();
        case WordWithNumber _ -> false;
        case Nested nested -> nested.items.isEmpty();
      };
    }
  }
}
