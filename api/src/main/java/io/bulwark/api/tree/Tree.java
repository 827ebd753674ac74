package io.bulwark.api.tree;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: a small map whose keys are sorted by their UTF-16 code units.
 *
 * <p>Values are {@code null} (JSON null, kept apart from absence), {@link String}, {@link Boolean},
 * {@link Long}, {@link Double}, {@link Tree} and {@link TreeList}; no other type is accepted,
 * except that {@link Integer} and {@link Short} are widened to {@code Long}. Sorted keys make the
 * encoding canonical: equal trees have equal bytes.
 *
 * <p>Not thread-safe while it changes. After {@link #freeze()} it, and all below it, never changes
 * and may be shared between threads; mutators then throw {@link IllegalStateException}.
 */
public final class Tree extends AbstractMap<String, @Nullable Object> {
  private static final String[] NO_KEYS = {};
  private static final @Nullable Object[] NO_VALUES = {};

  private String[] keys;
  private @Nullable Object[] values;
  private int size;
  private boolean frozen;

  public Tree() {
    keys = NO_KEYS;
    values = NO_VALUES;
  }

  /** A tree of alternating keys and values; handy for literals. */
  public static Tree of(@Nullable Object... keysAndValues) {
    Tree tree = new Tree();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (!(keysAndValues[i] instanceof String key)) {
        throw new IllegalArgumentException("key " + i / 2 + " is not a string");
      }
      tree.put(key, keysAndValues[i + 1]);
    }
    return tree;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean containsKey(Object key) {
    return key instanceof String string && find(string) >= 0;
  }

  @Override
  public @Nullable Object get(Object key) {
    if (key instanceof String string) {
      int at = find(string);
      return at >= 0 ? values[at] : null;
    }
    return null;
  }

  /** The key at a position in key order, from 0 to {@code size() - 1}. */
  public String keyAt(int index) {
    return keys[index];
  }

  /** The value at a position in key order, from 0 to {@code size() - 1}. */
  public @Nullable Object valueAt(int index) {
    return values[index];
  }

  @Override
  public @Nullable Object put(String key, @Nullable Object value) {
    mutable();
    Object accepted = Values.accept(value);
    int at = size > 0 && keys[size - 1].compareTo(key) < 0 ? -(size + 1) : find(key);
    if (at >= 0) {
      Object old = values[at];
      values[at] = accepted;
      return old;
    }
    int insert = -(at + 1);
    if (size == keys.length) {
      int capacity = size == 0 ? 4 : size + (size >> 1) + 1;
      keys = Arrays.copyOf(keys, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    System.arraycopy(keys, insert, keys, insert + 1, size - insert);
    System.arraycopy(values, insert, values, insert + 1, size - insert);
    keys[insert] = key;
    values[insert] = accepted;
    size++;
    return null;
  }

  @Override
  public @Nullable Object remove(Object key) {
    mutable();
    int at = key instanceof String string ? find(string) : -1;
    if (at < 0) {
      return null;
    }
    Object old = values[at];
    removeAt(at);
    return old;
  }

  @Override
  public void clear() {
    mutable();
    keys = NO_KEYS;
    values = NO_VALUES;
    size = 0;
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    return new Entries();
  }

  /** The value at a path of keys, or null where a step is missing or no tree. */
  public @Nullable Object at(String... path) {
    Object value = this;
    for (String step : path) {
      if (!(value instanceof Tree tree)) {
        return null;
      }
      value = tree.get(step);
    }
    return value;
  }

  /** Whether a path of keys leads to a value, JSON null included. */
  public boolean has(String... path) {
    Tree tree = this;
    for (int i = 0; i < path.length - 1; i++) {
      if (!(tree.get(path[i]) instanceof Tree next)) {
        return false;
      }
      tree = next;
    }
    return tree.containsKey(path[path.length - 1]);
  }

  /** The string at a path, or null where there is none. */
  public @Nullable String text(String... path) {
    return at(path) instanceof String string ? string : null;
  }

  /** The string at a path, or the empty string where there is none. */
  public String textOrEmpty(String... path) {
    return at(path) instanceof String string ? string : "";
  }

  /** The whole number at a path, or the fallback where there is none. */
  public long number(long fallback, String... path) {
    return at(path) instanceof Long number ? number : fallback;
  }

  /** Whether the path leads to {@code true}. */
  public boolean flag(String... path) {
    return Boolean.TRUE.equals(at(path));
  }

  /** The tree at a path, or null where there is none. */
  public @Nullable Tree tree(String... path) {
    return at(path) instanceof Tree tree ? tree : null;
  }

  /** The tree at a path, or an empty one that is not part of this tree. */
  public Tree treeOrEmpty(String... path) {
    return at(path) instanceof Tree tree ? tree : new Tree();
  }

  /** The list at a path, or an empty one that is not part of this tree. */
  public TreeList list(String... path) {
    return at(path) instanceof TreeList list ? list : new TreeList();
  }

  /** The trees in the list at a path; other elements are left out. Unmodifiable. */
  public List<Tree> trees(String... path) {
    return list(path).trees();
  }

  /** The strings in the list at a path; other elements are left out. Unmodifiable. */
  public List<String> texts(String... path) {
    return list(path).texts();
  }

  /** The tree at a path, made (with all that leads to it) where it is missing or something else. */
  public Tree child(String... path) {
    Tree tree = this;
    for (String step : path) {
      if (tree.get(step) instanceof Tree next) {
        tree = next;
      } else {
        Tree made = new Tree();
        tree.put(step, made);
        tree = made;
      }
    }
    return tree;
  }

  /** The list at a path, made (with all that leads to it) where it is missing or something else. */
  public TreeList childList(String... path) {
    Tree parent = child(Arrays.copyOf(path, path.length - 1));
    String last = path[path.length - 1];
    if (parent.get(last) instanceof TreeList list) {
      return list;
    }
    TreeList made = new TreeList();
    parent.put(last, made);
    return made;
  }

  /** Puts a value at a path, making what leads to it. Returns this tree. */
  public Tree set(@Nullable Object value, String... path) {
    child(Arrays.copyOf(path, path.length - 1)).put(path[path.length - 1], value);
    return this;
  }

  /** Removes what is at a path; nothing happens where there is nothing. Returns this tree. */
  public Tree drop(String... path) {
    if (at(Arrays.copyOf(path, path.length - 1)) instanceof Tree parent) {
      parent.remove(path[path.length - 1]);
    }
    return this;
  }

  /** A deep copy that may be changed. */
  public Tree copy() {
    Tree copy = new Tree();
    copy.keys = Arrays.copyOf(keys, size);
    copy.values = new @Nullable Object[size];
    copy.size = size;
    for (int i = 0; i < size; i++) {
      copy.values[i] = Values.copy(values[i]);
    }
    return copy;
  }

  /** Makes this tree and all below it unchangeable. Returns this tree. */
  public Tree freeze() {
    if (!frozen) {
      frozen = true;
      for (int i = 0; i < size; i++) {
        Values.freeze(values[i]);
      }
    }
    return this;
  }

  public boolean frozen() {
    return frozen;
  }

  private int find(String key) {
    return Arrays.binarySearch(keys, 0, size, key);
  }

  private void removeAt(int at) {
    System.arraycopy(keys, at + 1, keys, at, size - at - 1);
    System.arraycopy(values, at + 1, values, at, size - at - 1);
    size--;
    keys[size] = "";
    values[size] = null;
  }

  private void mutable() {
    if (frozen) {
      throw new IllegalStateException("this tree is shared and frozen; copy() it first");
    }
  }

  private final class Entries extends AbstractSet<Map.Entry<String, @Nullable Object>> {
    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Map.Entry<String, @Nullable Object> next() {
          if (next >= size) {
            throw new NoSuchElementException();
          }
          int at = next++;
          return new SimpleEntry<>(keys[at], values[at]) {
            @Override
            public @Nullable Object setValue(@Nullable Object value) {
              put(getKey(), value);
              return super.setValue(value);
            }
          };
        }

        @Override
        public void remove() {
          mutable();
          removeAt(--next);
        }
      };
    }
  }
}
