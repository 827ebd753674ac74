package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.List;

/**
 * Spreads equal pods over the values of a node label.
 *
 * @param hard whether a node that breaks it is out of the question
 * @param minDomains with fewer domains than this the least count is taken as 0
 */
public record SpreadConstraint(
    String topologyKey,
    int maxSkew,
    int minDomains,
    boolean hard,
    boolean honourAffinity,
    boolean honourTaints,
    LabelSelector selector) {

  static List<SpreadConstraint> of(Tree pod) {
    List<SpreadConstraint> constraints = new ArrayList<>(0);
    for (Tree constraint : pod.trees("spec", "topologySpreadConstraints")) {
      constraints.add(
          new SpreadConstraint(
              constraint.textOrEmpty("topologyKey"),
              (int) constraint.number(1, "maxSkew"),
              (int) constraint.number(1, "minDomains"),
              !"ScheduleAnyway".equals(constraint.text("whenUnsatisfiable")),
              !"Ignore".equals(constraint.text("nodeAffinityPolicy")),
              "Honor".equals(constraint.text("nodeTaintsPolicy")),
              selector(pod, constraint)));
    }
    return List.copyOf(constraints);
  }

  private static LabelSelector selector(Tree pod, Tree constraint) {
    Tree selector = constraint.tree("labelSelector");
    if (selector == null) {
      return LabelSelector.nothing();
    }
    List<String> keys = constraint.texts("matchLabelKeys");
    if (keys.isEmpty()) {
      return LabelSelector.of(selector);
    }
    Tree narrowed = selector.copy();
    for (String key : keys) {
      String value = pod.text("metadata", "labels", key);
      if (value != null) {
        narrowed
            .childList("matchExpressions")
            .add(Tree.of("key", key, "operator", "In", "values", TreeList.of(value)));
      }
    }
    return LabelSelector.of(narrowed);
  }
}
