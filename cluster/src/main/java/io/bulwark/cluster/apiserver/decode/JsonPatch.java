package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of operations on a document.
 *
 * <p>Source: RFC 6902. Like upstream's library, {@code remove} of something that is missing fails,
 * {@code replace} of a missing member adds it, {@code test} against null holds where nothing is,
 * and an absent value is null.
 */
final class JsonPatch {
  /** Most operations in a patch. Source: upstream's limit. */
  static final int OPERATIONS = 10_000;

  private final List<Operation> operations;

  private JsonPatch(List<Operation> operations) {
    this.operations = operations;
  }

  private sealed interface Operation {
    record Add(JsonPointer path, @Nullable Object value) implements Operation {}

    record Remove(JsonPointer path) implements Operation {}

    record Replace(JsonPointer path, @Nullable Object value) implements Operation {}

    record Move(JsonPointer from, JsonPointer path) implements Operation {}

    record Copy(JsonPointer from, JsonPointer path) implements Operation {}

    record Test(JsonPointer path, @Nullable Object value) implements Operation {}
  }

  /**
   * @throws PatchRefused if this is no JSON patch
   */
  static JsonPatch parse(TreeList list) throws PatchRefused {
    List<Operation> operations = new ArrayList<>(list.size());
    for (Object element : list) {
      if (!(element instanceof Tree tree)) {
        throw new PatchRefused("Invalid JSON Patch");
      }
      operations.add(operation(tree));
    }
    return new JsonPatch(operations);
  }

  private static Operation operation(Tree tree) throws PatchRefused {
    JsonPointer path = pointer(tree, "path");
    return switch (tree.textOrEmpty("op")) {
      case "add" -> new Operation.Add(path, tree.get("value"));
      case "remove" -> new Operation.Remove(path);
      case "replace" -> new Operation.Replace(path, tree.get("value"));
      case "move" -> new Operation.Move(pointer(tree, "from"), path);
      case "copy" -> new Operation.Copy(pointer(tree, "from"), path);
      case "test" -> new Operation.Test(path, tree.get("value"));
      default -> throw new PatchRefused("Unexpected kind: " + tree.textOrEmpty("op"));
    };
  }

  private static JsonPointer pointer(Tree tree, String member) throws PatchRefused {
    String text = tree.text(member);
    if (text == null) {
      throw new PatchRefused("operation missing \"" + member + "\" field");
    }
    return JsonPointer.parse(text);
  }

  /**
   * @param document changed, or not, when this fails
   * @return the patched document, which is another one where a patch replaces the whole
   */
  Object apply(Object document) throws PatchRefused {
    Object result = document;
    for (Operation operation : operations) {
      result =
          switch (operation) {
            case Operation.Add(var path, var value) -> add(result, path, copy(value));
            case Operation.Remove(var path) -> remove(result, path);
            case Operation.Replace(var path, var value) -> replace(result, path, copy(value));
            case Operation.Move(var from, var path) -> {
              if (path.isBelow(from)) {
                throw new PatchRefused("cannot move \"" + from + "\" into itself");
              }
              Object moved = from.get(result);
              yield add(remove(result, from), path, moved);
            }
            case Operation.Copy(var from, var path) -> add(result, path, copy(from.get(result)));
            case Operation.Test(var path, var value) -> test(result, path, value);
          };
    }
    return result;
  }

  private static Object add(Object document, JsonPointer path, @Nullable Object value)
      throws PatchRefused {
    if (path.whole()) {
      return whole(value);
    }
    switch (path.holder(document)) {
      case Tree tree -> tree.put(path.last(), value);
      case TreeList list when path.last().equals("-") -> list.add(value);
      case TreeList list -> list.add(path.index(path.last(), list.size() + 1, list.size()), value);
      default -> throw path.missing();
    }
    return document;
  }

  private static Object remove(Object document, JsonPointer path) throws PatchRefused {
    if (path.whole()) {
      throw new PatchRefused("the whole document cannot be removed");
    }
    switch (path.holder(document)) {
      case Tree tree when tree.containsKey(path.last()) -> tree.remove(path.last());
      case TreeList list -> list.remove(path.index(path.last(), list.size(), list.size() - 1));
      default -> throw path.missing();
    }
    return document;
  }

  private static Object replace(Object document, JsonPointer path, @Nullable Object value)
      throws PatchRefused {
    if (path.whole()) {
      return whole(value);
    }
    switch (path.holder(document)) {
      case Tree tree -> tree.put(path.last(), value);
      case TreeList list -> list.set(path.index(path.last(), list.size(), list.size() - 1), value);
      default -> throw path.missing();
    }
    return document;
  }

  private static Object test(Object document, JsonPointer path, @Nullable Object value)
      throws PatchRefused {
    Object found;
    try {
      found = path.get(document);
    } catch (PatchRefused absent) {
      if (value == null) {
        return document;
      }
      throw absent;
    }
    if (!same(found, value)) {
      throw new PatchRefused("testing value " + path + " failed");
    }
    return document;
  }

  /** Equality of JSON values: 1 and 1.0 are the same number. */
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return x.equals(y) || x.doubleValue() == y.doubleValue();
    }
    if (a instanceof Tree x && b instanceof Tree y) {
      return x.keySet().equals(y.keySet())
          && x.keySet().stream().allMatch(key -> same(x.get(key), y.get(key)));
    }
    if (a instanceof TreeList x && b instanceof TreeList y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!same(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    return Objects.equals(a, b);
  }

  private static Object whole(@Nullable Object value) throws PatchRefused {
    if (value == null) {
      throw new PatchRefused("the whole document cannot become null");
    }
    return value;
  }

  private static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case Tree tree -> tree.copy();
      case TreeList list -> list.copy();
      case null, default -> value;
    };
  }
}
