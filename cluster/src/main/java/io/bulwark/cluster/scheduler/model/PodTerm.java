package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One term of a pod affinity or anti-affinity.
 *
 * @param namespaceSelector null for none
 * @param weight of a preferred term, else 0
 */
public record PodTerm(
    LabelSelector selector,
    Set<String> namespaces,
    @Nullable LabelSelector namespaceSelector,
    String topologyKey,
    int weight) {

  /**
   * @param namespaceLabels gives the labels of a namespace, or null
   */
  public boolean matches(PodInfo pod, Function<String, @Nullable Tree> namespaceLabels) {
    boolean here =
        namespaces.contains(pod.namespace())
            || (namespaceSelector != null
                && namespaceSelector.matchesLabels(namespaceLabels.apply(pod.namespace())));
    return here && selector.matchesLabels(pod.labels());
  }

  static List<PodTerm> required(Tree pod, String affinity) {
    List<PodTerm> terms = new ArrayList<>(0);
    for (Tree term :
        pod.trees("spec", "affinity", affinity, "requiredDuringSchedulingIgnoredDuringExecution")) {
      terms.add(of(pod, term, 0));
    }
    return List.copyOf(terms);
  }

  static List<PodTerm> preferred(Tree pod, String affinity) {
    List<PodTerm> terms = new ArrayList<>(0);
    for (Tree term :
        pod.trees(
            "spec", "affinity", affinity, "preferredDuringSchedulingIgnoredDuringExecution")) {
      terms.add(of(pod, term.treeOrEmpty("podAffinityTerm"), (int) term.number(0, "weight")));
    }
    return List.copyOf(terms);
  }

  private static PodTerm of(Tree pod, Tree term, int weight) {
    List<String> namespaces = term.texts("namespaces");
    Tree namespaceSelector = term.tree("namespaceSelector");
    boolean own = namespaces.isEmpty() && namespaceSelector == null;
    return new PodTerm(
        LabelSelector.of(term.tree("labelSelector")),
        own ? Set.of(pod.textOrEmpty("metadata", "namespace")) : Set.copyOf(namespaces),
        namespaceSelector == null ? null : LabelSelector.of(namespaceSelector),
        term.textOrEmpty("topologyKey"),
        weight);
  }
}
