package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelRequirement;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What scheduling needs to know of a pod. Immutable; holds none of the pod's tree but its labels.
 *
 * @param since when it started, or was made
 * @param node empty while it has none
 * @param nominated the node for which room is being made, or empty
 * @param selector the requirements of spec.nodeSelector
 * @param affinity the terms of which a node must match one; empty for none
 * @param needsAffinity whether there is a required node affinity at all
 */
public record PodInfo(
    String namespace,
    String name,
    String uid,
    Tree labels,
    Instant since,
    int priority,
    boolean preempts,
    boolean terminating,
    String node,
    String nominated,
    Amounts requests,
    Amounts assumedRequests,
    List<HostPort> ports,
    List<Toleration> tolerations,
    List<LabelRequirement> selector,
    boolean needsAffinity,
    List<NodeTerm> affinity,
    List<NodePreference> preferences,
    List<PodTerm> near,
    List<PodTerm> apart,
    List<PodTerm> ratherNear,
    List<PodTerm> ratherApart,
    List<SpreadConstraint> spread) {

  /** A node term that would be nice, with its weight. */
  public record NodePreference(NodeTerm term, int weight) {}

  public String key() {
    return namespace + "/" + name;
  }

  public static PodInfo of(Tree pod) {
    PodRequests.Both requests = PodRequests.of(pod);
    Tree nodeAffinity = pod.treeOrEmpty("spec", "affinity", "nodeAffinity");
    Tree required = nodeAffinity.tree("requiredDuringSchedulingIgnoredDuringExecution");
    List<NodePreference> preferences = new ArrayList<>(0);
    for (Tree preference : nodeAffinity.trees("preferredDuringSchedulingIgnoredDuringExecution")) {
      preferences.add(
          new NodePreference(
              NodeTerm.of(preference.treeOrEmpty("preference")),
              (int) preference.number(0, "weight")));
    }
    Instant started = Timestamps.parse(pod.text("status", "startTime"));
    Instant created = Timestamps.parse(pod.text("metadata", "creationTimestamp"));
    return new PodInfo(
        Meta.namespace(pod),
        Meta.name(pod),
        Meta.uid(pod),
        pod.treeOrEmpty("metadata", "labels"),
        started != null ? started : created != null ? created : Instant.EPOCH,
        (int) pod.number(0, "spec", "priority"),
        !"Never".equals(pod.text("spec", "preemptionPolicy")),
        Meta.terminating(pod),
        pod.textOrEmpty("spec", "nodeName"),
        pod.textOrEmpty("status", "nominatedNodeName"),
        requests.exact(),
        requests.assumed(),
        HostPort.of(pod),
        pod.trees("spec", "tolerations").stream().map(Toleration::of).toList(),
        selector(pod.treeOrEmpty("spec", "nodeSelector")),
        required != null,
        required == null ? List.of() : NodeTerm.all(required.trees("nodeSelectorTerms")),
        List.copyOf(preferences),
        PodTerm.required(pod, "podAffinity"),
        PodTerm.required(pod, "podAntiAffinity"),
        PodTerm.preferred(pod, "podAffinity"),
        PodTerm.preferred(pod, "podAntiAffinity"),
        SpreadConstraint.of(pod));
  }

  private static List<LabelRequirement> selector(Tree labels) {
    List<LabelRequirement> found = new ArrayList<>(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      if (labels.valueAt(i) instanceof String value) {
        found.add(
            new LabelRequirement(
                labels.keyAt(i), LabelRequirement.Operator.EQUALS, List.of(value)));
      }
    }
    return List.copyOf(found);
  }

  /** Whether the pod's own demands let it on a node, by labels and name. */
  public boolean selects(NodeInfo info) {
    for (LabelRequirement requirement : selector) {
      if (!requirement.matches(info.label(requirement.key()))) {
        return false;
      }
    }
    return !needsAffinity || affinity.stream().anyMatch(term -> term.matches(info));
  }

  /** The same pod on a node. */
  public PodInfo on(String target) {
    return new PodInfo(
        namespace,
        name,
        uid,
        labels,
        since,
        priority,
        preempts,
        terminating,
        target,
        nominated,
        requests,
        assumedRequests,
        ports,
        tolerations,
        selector,
        needsAffinity,
        affinity,
        preferences,
        near,
        apart,
        ratherNear,
        ratherApart,
        spread);
  }

  /** Whether other pods matter for where it may run. */
  public boolean hasAffinity() {
    return !near.isEmpty() || !apart.isEmpty() || !ratherNear.isEmpty() || !ratherApart.isEmpty();
  }
}
