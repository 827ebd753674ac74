package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from keys to entries in the order of the keys' UTF-8 bytes. Changing it makes a
 * new tree that shares all but a path of nodes with the old one, so that every revision can be kept
 * as a tree of its own.
 *
 * <p>A weight-balanced tree: sizes of subtrees keep it balanced and count ranges without walking
 * them. Source: Adams, "Implementing sets efficiently in a functional language" (1992), with the
 * parameters that Hirai and Yamamoto proved right (2011).
 */
final class KeyTree {
  static final KeyTree EMPTY = new KeyTree(null);

  private static final int DELTA = 3;
  private static final int RATIO = 2;

  private final @Nullable Node root;

  private KeyTree(@Nullable Node root) {
    this.root = root;
  }

  private record Node(Entry entry, @Nullable Node left, @Nullable Node right, int size) {}

  int size() {
    return size(root);
  }

  @Nullable Entry get(String key) {
    Node node = root;
    while (node != null) {
      int order = compare(key, node.entry.key());
      if (order == 0) {
        return node.entry;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  KeyTree with(Entry entry) {
    return new KeyTree(insert(root, entry));
  }

  KeyTree without(String key) {
    return new KeyTree(delete(root, key));
  }

  /** Entries with the prefix and keys greater than {@code after}, at most {@code limit}. */
  List<Entry> range(String prefix, String after, int limit) {
    List<Entry> found = new ArrayList<>(Math.min(limit, Math.max(16, count(prefix, after))));
    boolean skip = compare(after, prefix) >= 0;
    String from = skip ? after : prefix;
    Deque<Node> path = new ArrayDeque<>();
    Node node = root;
    while (node != null) {
      int order = compare(node.entry.key(), from);
      if (order > 0 || (order == 0 && !skip)) {
        path.push(node);
        node = node.left;
      } else {
        node = node.right;
      }
    }
    while (found.size() < limit && !path.isEmpty()) {
      Node next = path.pop();
      if (!next.entry.key().startsWith(prefix)) {
        break;
      }
      found.add(next.entry);
      for (Node down = next.right; down != null; down = down.left) {
        path.push(down);
      }
    }
    return found;
  }

  /** How many entries have the prefix and a key greater than {@code after}. */
  int count(String prefix, String after) {
    int end = 0;
    Node node = root;
    while (node != null) {
      String key = node.entry.key();
      if (key.startsWith(prefix) || compare(key, prefix) < 0) {
        end += size(node.left) + 1;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    boolean skip = compare(after, prefix) >= 0;
    int start = 0;
    node = root;
    while (node != null) {
      int order = compare(node.entry.key(), skip ? after : prefix);
      if (order < 0 || (order == 0 && skip)) {
        start += size(node.left) + 1;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return Math.max(0, end - start);
  }

  void forEach(Consumer<Entry> action) {
    range("", "", Integer.MAX_VALUE).forEach(action);
  }

  /** Order of the UTF-8 bytes of two strings, found without encoding them. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        return surrogateX == Character.isSurrogate(y) ? x - y : surrogateX ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  private static int size(@Nullable Node node) {
    return node == null ? 0 : node.size;
  }

  private static Node insert(@Nullable Node node, Entry entry) {
    if (node == null) {
      return new Node(entry, null, null, 1);
    }
    int order = compare(entry.key(), node.entry.key());
    if (order == 0) {
      return new Node(entry, node.left, node.right, node.size);
    }
    return order < 0
        ? balanced(node.entry, insert(node.left, entry), node.right)
        : balanced(node.entry, node.left, insert(node.right, entry));
  }

  private static @Nullable Node delete(@Nullable Node node, String key) {
    if (node == null) {
      return null;
    }
    int order = compare(key, node.entry.key());
    if (order < 0) {
      return balanced(node.entry, delete(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node.entry, node.left, delete(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node heir = node.right;
    while (heir.left != null) {
      heir = heir.left;
    }
    return balanced(heir.entry, node.left, delete(node.right, heir.entry.key()));
  }

  private static Node node(Entry entry, @Nullable Node left, @Nullable Node right) {
    return new Node(entry, left, right, size(left) + size(right) + 1);
  }

  private static Node balanced(Entry entry, @Nullable Node left, @Nullable Node right) {
    int l = size(left);
    int r = size(right);
    if (l + r > 1) {
      if (right != null && r > DELTA * l) {
        Node inner = right.left;
        if (inner == null || inner.size < RATIO * size(right.right)) {
          return node(right.entry, node(entry, left, inner), right.right);
        }
        return node(
            inner.entry,
            node(entry, left, inner.left),
            node(right.entry, inner.right, right.right));
      }
      if (left != null && l > DELTA * r) {
        Node inner = left.right;
        if (inner == null || inner.size < RATIO * size(left.left)) {
          return node(left.entry, left.left, node(entry, inner, right));
        }
        return node(
            inner.entry, node(left.entry, left.left, inner.left), node(entry, inner.right, right));
      }
    }
    return new Node(entry, left, right, l + r + 1);
  }
}
