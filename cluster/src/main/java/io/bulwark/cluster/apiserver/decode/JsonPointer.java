package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document.
 *
 * <p>Source: RFC 6901. Like upstream, negative indices count from the end of a list.
 *
 * @param steps unescaped; empty for the whole document
 */
record JsonPointer(List<String> steps) {
  static JsonPointer parse(String text) throws PatchRefused {
    if (text.isEmpty()) {
      return new JsonPointer(List.of());
    }
    if (text.charAt(0) != '/') {
      throw new PatchRefused("a path must start with '/': \"" + text + "\"");
    }
    return new JsonPointer(
        Arrays.stream(text.substring(1).split("/", -1))
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList());
  }

  boolean whole() {
    return steps.isEmpty();
  }

  String last() {
    return steps.getLast();
  }

  boolean isBelow(JsonPointer other) {
    return steps.size() > other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  /** The tree or list that holds the last step. */
  Object holder(Object document) throws PatchRefused {
    Object at = document;
    for (String step : steps.subList(0, steps.size() - 1)) {
      Object next = child(at, step);
      if (!(next instanceof Tree) && !(next instanceof TreeList)) {
        throw missing();
      }
      at = next;
    }
    return at;
  }

  @Nullable Object get(Object document) throws PatchRefused {
    return whole() ? document : child(holder(document), last());
  }

  private @Nullable Object child(Object at, String step) throws PatchRefused {
    return switch (at) {
      case Tree tree when tree.containsKey(step) -> tree.get(step);
      case TreeList list -> list.get(index(step, list.size(), list.size() - 1));
      default -> throw missing();
    };
  }

  int index(String step, int size, int highest) throws PatchRefused {
    if (!step.matches("-?(0|[1-9][0-9]{0,8})")) {
      throw missing();
    }
    int index = Integer.parseInt(step);
    if (index < 0) {
      index += size;
    }
    if (index < 0 || index > highest) {
      throw missing();
    }
    return index;
  }

  PatchRefused missing() {
    return new PatchRefused("there is nothing at \"" + this + "\"");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String step : steps) {
      text.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
