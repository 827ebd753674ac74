package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays an applied configuration over a live object. */
final class ApplyMerge {
  private ApplyMerge() {}

  /** Changes the live object; null in the configuration removes. */
  static void apply(Tree live, Tree applied, Shape shape) {
    for (int i = 0; i < applied.size(); i++) {
      String key = applied.keyAt(i);
      Object value = applied.valueAt(i);
      if (value == null) {
        live.remove(key);
      } else {
        live.put(key, merged(live.get(key), value, Elements.member(shape, key)));
      }
    }
  }

  private static Object merged(@Nullable Object live, Object applied, Shape shape) {
    if (live == null || Elements.whole(applied, shape)) {
      return withoutNulls(applied);
    }
    if (live instanceof Tree below && applied instanceof Tree change) {
      apply(below, change, shape);
      return below;
    }
    if (live instanceof TreeList list && applied instanceof TreeList change) {
      return lists(list, change, shape);
    }
    return withoutNulls(applied);
  }

  /** Applied order rules; elements that only the live list has keep their places around it. */
  private static TreeList lists(TreeList live, TreeList applied, Shape shape) {
    Map<String, List<@Nullable Object>> mine = Elements.byStep(live, shape);
    Map<String, List<@Nullable Object>> theirs = Elements.byStep(applied, shape);
    List<String> liveSteps = steps(live, shape);
    List<String> appliedSteps = new ArrayList<>(theirs.keySet());
    Set<String> done = new HashSet<>();
    TreeList result = new TreeList();
    int l = 0;
    int r = 0;
    while (l < liveSteps.size() || r < appliedSteps.size()) {
      if (l < liveSteps.size()) {
        String step = liveSteps.get(l);
        if (!theirs.containsKey(step)) {
          result.add(live.get(l++));
          continue;
        }
        if (done.contains(step)) {
          l++;
          continue;
        }
        if (!step.equals(nextShared(appliedSteps, r, mine))) {
          l++;
          continue;
        }
      }
      String step = appliedSteps.get(r++);
      done.add(step);
      Object element = theirs.getOrDefault(step, List.of()).getFirst();
      List<@Nullable Object> present = mine.getOrDefault(step, List.of());
      result.add(
          element == null
              ? null
              : merged(present.isEmpty() ? null : present.getFirst(), element, shape.element()));
    }
    return result;
  }

  private static @Nullable String nextShared(
      List<String> applied, int from, Map<String, List<@Nullable Object>> live) {
    for (int i = from; i < applied.size(); i++) {
      if (live.containsKey(applied.get(i))) {
        return applied.get(i);
      }
    }
    return null;
  }

  private static List<String> steps(TreeList list, Shape shape) {
    List<String> steps = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      steps.add(Elements.step(list.get(i), i, shape));
    }
    return steps;
  }

  private static Object withoutNulls(Object value) {
    switch (value) {
      case Tree tree -> {
        Tree plain = new Tree();
        tree.forEach(
            (key, below) -> {
              if (below != null) {
                plain.put(key, withoutNulls(below));
              }
            });
        return plain;
      }
      case TreeList list -> {
        TreeList plain = new TreeList();
        list.forEach(below -> plain.add(below == null ? null : withoutNulls(below)));
        return plain;
      }
      default -> {
        return value;
      }
    }
  }
}
