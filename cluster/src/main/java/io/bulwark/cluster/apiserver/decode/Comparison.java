package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The places in which two objects differ.
 *
 * <p>Source: structured merge and diff, as upstream's managed fields show it.
 */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
  static Comparison of(Tree before, Tree after, Shape shape) {
    Comparison comparison = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
    comparison.compare(before, after, shape, List.of());
    return comparison;
  }

  boolean same() {
    return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
  }

  private void compare(
      @Nullable Object before, @Nullable Object after, Shape shape, List<String> path) {
    if (before == null && after == null) {
      return;
    }
    Object value = after == null ? before : after;
    boolean alike = before == null || after == null || before.getClass() == after.getClass();
    if (!alike || Elements.whole(value, shape) || (empty(before) && empty(after))) {
      leaf(before, after, path);
      return;
    }
    switch (value) {
      case Tree _ ->
          members(
              before instanceof Tree tree ? tree : new Tree(),
              after instanceof Tree tree ? tree : new Tree(),
              shape,
              path);
      case null, default ->
          elements(
              before instanceof TreeList list ? list : new TreeList(),
              after instanceof TreeList list ? list : new TreeList(),
              shape,
              path);
    }
    if (before == null) {
      place(added, path).insert();
    } else if (after == null) {
      place(removed, path).insert();
    }
  }

  private void leaf(@Nullable Object before, @Nullable Object after, List<String> path) {
    if (before == null) {
      place(added, path).insert();
    } else if (after == null) {
      place(removed, path).insert();
    } else if (!before.equals(after)) {
      place(modified, path).insert();
    }
  }

  private void members(Tree before, Tree after, Shape shape, List<String> path) {
    Set<String> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      compare(
          before.get(key),
          after.get(key),
          Elements.member(shape, key),
          below(path, FieldSet.field(key)));
    }
  }

  private void elements(TreeList before, TreeList after, Shape shape, List<String> path) {
    Map<String, List<@Nullable Object>> old = Elements.byStep(before, shape);
    Map<String, List<@Nullable Object>> next = Elements.byStep(after, shape);
    Set<String> steps = new LinkedHashSet<>(old.keySet());
    steps.addAll(next.keySet());
    for (String step : steps) {
      List<@Nullable Object> mine = old.getOrDefault(step, List.of());
      List<@Nullable Object> theirs = next.getOrDefault(step, List.of());
      if (mine.size() <= 1 && theirs.size() <= 1) {
        compare(
            mine.isEmpty() ? null : mine.getFirst(),
            theirs.isEmpty() ? null : theirs.getFirst(),
            shape.element(),
            below(path, step));
      } else if (!Objects.equals(mine, theirs)) {
        leaf(mine.isEmpty() ? null : mine, theirs.isEmpty() ? null : theirs, below(path, step));
      }
    }
  }

  private static FieldSet place(FieldSet set, List<String> path) {
    FieldSet at = set;
    for (String step : path) {
      at = at.below(step);
    }
    return at;
  }

  private static List<String> below(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path.size() + 1);
    longer.addAll(path);
    longer.add(step);
    return longer;
  }

  private static boolean empty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Tree tree -> tree.isEmpty();
      case TreeList list -> list.isEmpty();
      default -> false;
    };
  }
}
