package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges one list whose elements meet by a key, or, where they are scalars, by value. Elements that
 * the patch names stand in the patch's order; the others keep the live order and stay before the
 * ones that they preceded.
 */
final class ListMerge {
  private final Shape shape;
  private final String mergeKey;
  private final TreeList merged = new TreeList();
  private final Map<@Nullable Object, Integer> places = new HashMap<>();

  ListMerge(Shape shape) {
    this.shape = shape;
    this.mergeKey = shape.patchMergeKey();
  }

  /**
   * @param live not kept, but its elements are changed
   * @param order identities in the order that the patch asks for; null where it asks for none
   */
  TreeList merge(TreeList live, TreeList patch, @Nullable TreeList order) throws PatchRefused {
    for (Object element : patch) {
      if (element instanceof Tree tree && StrategicMerge.directive(tree).equals("replace")) {
        return replacement(patch);
      }
    }
    merged.addAll(live);
    reindex();
    TreeList named = new TreeList();
    for (Object element : patch) {
      if (element instanceof Tree tree) {
        element(named, tree);
      } else {
        if (!mergeKey.isEmpty()) {
          throw new PatchRefused("invalid patch format: elements of a merged list must be objects");
        }
        if (places.putIfAbsent(element, merged.size()) == null) {
          merged.add(element);
        }
        named.add(element);
      }
    }
    return ordered(order == null ? named : order, live);
  }

  private void reindex() {
    places.clear();
    for (int i = 0; i < merged.size(); i++) {
      places.putIfAbsent(identity(merged.get(i)), i);
    }
  }

  private static TreeList replacement(TreeList patch) {
    TreeList replaced = new TreeList();
    for (Object element : patch) {
      if (!(element instanceof Tree tree && tree.containsKey(StrategicMerge.DIRECTIVE))) {
        replaced.add(element);
      } else if (tree.size() > 1) {
        Tree plain = tree.copy();
        plain.remove(StrategicMerge.DIRECTIVE);
        replaced.add(plain);
      }
    }
    return replaced;
  }

  private void element(TreeList named, Tree change) throws PatchRefused {
    if (mergeKey.isEmpty()) {
      throw new PatchRefused("cannot merge lists without merge key for " + shape.typeName());
    }
    Object identity = change.get(mergeKey);
    if (identity == null) {
      throw new PatchRefused(
          "map: " + GoText.of(change) + " does not contain declared merge key: " + mergeKey);
    }
    Integer place = places.get(identity);
    if (StrategicMerge.directive(change).equals("delete")) {
      if (place != null) {
        merged.removeIf(element -> identity.equals(identity(element)));
        reindex();
      }
      return;
    }
    named.add(identity);
    if (place != null && merged.get(place) instanceof Tree current) {
      merged.set(place, StrategicMerge.apply(current, change, shape.element()));
    } else {
      places.put(identity, merged.size());
      merged.add(StrategicMerge.apply(new Tree(), change, shape.element()));
    }
  }

  private TreeList ordered(TreeList order, TreeList live) {
    Map<@Nullable Object, List<@Nullable Object>> named = new LinkedHashMap<>();
    for (Object element : order) {
      named.putIfAbsent(identity(element), new ArrayList<>(1));
    }
    TreeList others = new TreeList();
    for (Object element : merged) {
      List<@Nullable Object> same = named.get(identity(element));
      if (same != null) {
        same.add(element);
      } else {
        others.add(element);
      }
    }
    TreeList inOrder = new TreeList();
    named.values().forEach(inOrder::addAll);
    return interleaved(others, inOrder, live);
  }

  private TreeList interleaved(TreeList others, TreeList named, TreeList live) {
    Map<@Nullable Object, Integer> before = new HashMap<>();
    for (int i = 0; i < live.size(); i++) {
      before.putIfAbsent(identity(live.get(i)), i);
    }
    TreeList result = new TreeList();
    int i = 0;
    int j = 0;
    while (i < others.size() && j < named.size()) {
      Integer left = before.get(identity(others.get(i)));
      Integer right = before.get(identity(named.get(j)));
      boolean otherFirst = left != null && right != null && left < right;
      result.add(otherFirst ? others.get(i++) : named.get(j++));
    }
    result.addAll(others.subList(i, others.size()));
    result.addAll(named.subList(j, named.size()));
    return result;
  }

  private @Nullable Object identity(@Nullable Object element) {
    return element instanceof Tree tree ? tree.get(mergeKey) : element;
  }
}
