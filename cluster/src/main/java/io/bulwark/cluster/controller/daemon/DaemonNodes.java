package io.bulwark.cluster.controller.daemon;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes a DaemonSet's pods belong on.
 *
 * <p>Source: kubernetes pkg/controller/daemon, NodeShouldRunDaemonPod.
 */
final class DaemonNodes {
  private static final List<String> NOT_EVICTED =
      List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
  private static final List<String> NOT_KEPT_AWAY =
      List.of(
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/unschedulable");
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  private DaemonNodes() {}

  /**
   * @param run whether a pod shall be made there
   * @param stay whether one that is there already may go on
   */
  record Verdict(boolean run, boolean stay) {}

  static Verdict of(Tree node, Tree podSpec) {
    String named = podSpec.textOrEmpty("nodeName");
    if ((!named.isEmpty() && !named.equals(Meta.name(node))) || !selected(node, podSpec)) {
      return new Verdict(false, false);
    }
    List<Tree> tolerations = tolerations(podSpec).trees();
    boolean runs = tolerated(node, tolerations, Set.of("NoExecute", "NoSchedule"));
    return new Verdict(runs, runs || tolerated(node, tolerations, Set.of("NoExecute")));
  }

  private static boolean selected(Tree node, Tree podSpec) {
    Map<String, String> labels = Meta.labels(node);
    for (Map.Entry<String, ?> wanted : podSpec.treeOrEmpty("nodeSelector").entrySet()) {
      if (!String.valueOf(wanted.getValue()).equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    Tree required = podSpec.treeOrEmpty("affinity", "nodeAffinity", REQUIRED);
    if (required.isEmpty()) {
      return true;
    }
    return required.trees("nodeSelectorTerms").stream().anyMatch(term -> matches(node, term));
  }

  private static boolean matches(Tree node, Tree term) {
    List<Tree> expressions = term.trees("matchExpressions");
    List<Tree> fields = term.trees("matchFields");
    if (expressions.isEmpty() && fields.isEmpty()) {
      return false;
    }
    for (Tree expression : expressions) {
      if (!matches(expression, Meta.labels(node).get(expression.textOrEmpty("key")), node)) {
        return false;
      }
    }
    return fields.stream().allMatch(field -> matches(field, Meta.name(node), node));
  }

  private static boolean matches(
      Tree expression, @org.jspecify.annotations.Nullable String value, Tree node) {
    List<String> values = expression.texts("values");
    return switch (expression.textOrEmpty("operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Gt", "Lt" -> value != null && compares(expression, value, values);
      default ->
          LabelSelector.of(Tree.of("matchExpressions", TreeList.of(expression.copy())))
              .matchesObject(node);
    };
  }

  private static boolean compares(Tree expression, String value, List<String> values) {
    try {
      long left = Long.parseLong(value);
      long right = Long.parseLong(values.getFirst());
      return expression.textOrEmpty("operator").equals("Gt") ? left > right : left < right;
    } catch (NumberFormatException | java.util.NoSuchElementException incomparable) {
      return false;
    }
  }

  private static boolean tolerated(Tree node, List<Tree> tolerations, Set<String> effects) {
    return node.trees("spec", "taints").stream()
        .filter(taint -> effects.contains(taint.textOrEmpty("effect")))
        .allMatch(
            taint -> tolerations.stream().anyMatch(toleration -> tolerates(toleration, taint)));
  }

  private static boolean tolerates(Tree toleration, Tree taint) {
    String effect = toleration.textOrEmpty("effect");
    String key = toleration.textOrEmpty("key");
    if (!effect.isEmpty() && !effect.equals(taint.textOrEmpty("effect"))) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.textOrEmpty("key"))) {
      return false;
    }
    return toleration.textOrEmpty("operator").equals("Exists")
        || toleration.textOrEmpty("value").equals(taint.textOrEmpty("value"));
  }

  /** What the template tolerates, and what every daemon does. */
  static TreeList tolerations(Tree podSpec) {
    TreeList all = podSpec.list("tolerations").copy();
    NOT_EVICTED.forEach(key -> add(all, key, "NoExecute"));
    NOT_KEPT_AWAY.forEach(key -> add(all, key, "NoSchedule"));
    if (podSpec.flag("hostNetwork")) {
      add(all, "node.kubernetes.io/network-unavailable", "NoSchedule");
    }
    return all;
  }

  private static void add(TreeList all, String key, String effect) {
    boolean stated =
        all.trees().stream()
            .anyMatch(
                toleration ->
                    toleration.textOrEmpty("key").equals(key)
                        && toleration.textOrEmpty("operator").equals("Exists")
                        && toleration.textOrEmpty("effect").equals(effect)
                        && !toleration.has("tolerationSeconds"));
    if (!stated) {
      all.add(Tree.of("effect", effect, "key", key, "operator", "Exists"));
    }
  }

  /** Leaves the scheduler one node to choose from. */
  static void bind(Tree podSpec, String node) {
    podSpec.put("tolerations", tolerations(podSpec));
    Tree field = Tree.of("key", "metadata.name", "operator", "In", "values", TreeList.of(node));
    podSpec
        .child("affinity", "nodeAffinity", REQUIRED)
        .put("nodeSelectorTerms", TreeList.of(Tree.of("matchFields", TreeList.of(field))));
  }

  /** The node that a pod is on, or is meant for; empty for neither. */
  static String of(Tree pod) {
    String bound = pod.textOrEmpty("spec", "nodeName");
    if (!bound.isEmpty()) {
      return bound;
    }
    for (Tree term : pod.trees("spec", "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")) {
      for (Tree field : term.trees("matchFields")) {
        if (field.textOrEmpty("key").equals("metadata.name") && field.texts("values").size() == 1) {
          return field.texts("values").getFirst();
        }
      }
    }
    return "";
  }
}
