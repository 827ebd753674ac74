package io.bulwark.api.tree;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array. Elements are of the types that {@link Tree} lists.
 *
 * <p>Thread-safety is as for {@link Tree}.
 */
public final class TreeList extends AbstractList<@Nullable Object> implements RandomAccess {
  private final ArrayList<@Nullable Object> elements;
  private boolean frozen;

  public TreeList() {
    elements = new ArrayList<>(2);
  }

  /** A list with these elements, which are not copied themselves. */
  public TreeList(Collection<?> elements) {
    this.elements = new ArrayList<>(elements.size());
    this.addAll(elements);
  }

  /** A list with these elements, which are not copied themselves. */
  public static TreeList of(@Nullable Object... elements) {
    TreeList list = new TreeList();
    for (Object element : elements) {
      list.add(element);
    }
    return list;
  }

  @Override
  public int size() {
    return elements.size();
  }

  @Override
  public @Nullable Object get(int index) {
    return elements.get(index);
  }

  @Override
  public @Nullable Object set(int index, @Nullable Object value) {
    mutable();
    return elements.set(index, Values.accept(value));
  }

  @Override
  public void add(int index, @Nullable Object value) {
    mutable();
    elements.add(index, Values.accept(value));
    modCount++;
  }

  @Override
  public @Nullable Object remove(int index) {
    mutable();
    modCount++;
    return elements.remove(index);
  }

  /** The elements that are trees. Unmodifiable. */
  public List<Tree> trees() {
    return only(Tree.class);
  }

  /** The elements that are strings. Unmodifiable. */
  public List<String> texts() {
    return only(String.class);
  }

  private <T> List<T> only(Class<T> type) {
    List<T> found = new ArrayList<>(elements.size());
    for (Object element : elements) {
      if (type.isInstance(element)) {
        found.add(type.cast(element));
      }
    }
    return List.copyOf(found);
  }

  /** A deep copy that may be changed. */
  public TreeList copy() {
    TreeList copy = new TreeList();
    for (Object element : elements) {
      copy.elements.add(Values.copy(element));
    }
    return copy;
  }

  /** Makes this list and all below it unchangeable. Returns this list. */
  public TreeList freeze() {
    if (!frozen) {
      frozen = true;
      elements.forEach(Values::freeze);
    }
    return this;
  }

  private void mutable() {
    if (frozen) {
      throw new IllegalStateException("this list is shared and frozen; copy() it first");
    }
  }
}
