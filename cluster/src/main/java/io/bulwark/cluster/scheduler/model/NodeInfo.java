package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node and what runs on it. Immutable: a change makes a new one.
 *
 * @param known false while pods name a node that has not been seen
 * @param requested by all pods
 * @param assumed requested, with defaults for pods that ask for nothing
 * @param choosy how many pods have affinity or anti-affinity terms
 * @param repelling how many pods have required anti-affinity terms
 */
public record NodeInfo(
    String name,
    boolean known,
    Tree labels,
    boolean unschedulable,
    List<Taint> taints,
    Amounts allocatable,
    long podLimit,
    List<PodInfo> pods,
    Amounts requested,
    Amounts assumed,
    int choosy,
    int repelling) {

  /** A node of which only the name is known. */
  public static NodeInfo unknown(String name) {
    return new NodeInfo(
        name,
        false,
        new Tree(),
        false,
        List.of(),
        Amounts.NONE,
        0,
        List.of(),
        Amounts.NONE,
        Amounts.NONE,
        0,
        0);
  }

  public static NodeInfo of(Tree node) {
    return unknown(Meta.name(node)).described(node);
  }

  /** The same pods on the node as it now is. */
  public NodeInfo described(Tree node) {
    Tree amounts = node.treeOrEmpty("status", "allocatable");
    return new NodeInfo(
        name,
        true,
        node.treeOrEmpty("metadata", "labels"),
        node.flag("spec", "unschedulable"),
        node.trees("spec", "taints").stream().map(Taint::of).toList(),
        Amounts.of(amounts),
        Quantity.of(amounts.get("pods")).value(),
        pods,
        requested,
        assumed,
        choosy,
        repelling);
  }

  /** The same pods on a node that is gone. */
  public NodeInfo forgotten() {
    return new NodeInfo(
        name,
        false,
        new Tree(),
        false,
        List.of(),
        Amounts.NONE,
        0,
        pods,
        requested,
        assumed,
        choosy,
        repelling);
  }

  public NodeInfo plus(PodInfo pod) {
    List<PodInfo> more = new ArrayList<>(pods.size() + 1);
    more.addAll(pods);
    more.add(pod);
    return with(
        more,
        requested.plus(pod.requests()),
        assumed.plus(pod.assumedRequests()),
        choosy + (pod.hasAffinity() ? 1 : 0),
        repelling + (pod.apart().isEmpty() ? 0 : 1));
  }

  /** Without the pod of that uid. */
  public NodeInfo minus(String uid) {
    for (PodInfo pod : pods) {
      if (pod.uid().equals(uid)) {
        List<PodInfo> fewer = new ArrayList<>(pods);
        fewer.remove(pod);
        return with(
            fewer,
            requested.minus(pod.requests()),
            assumed.minus(pod.assumedRequests()),
            choosy - (pod.hasAffinity() ? 1 : 0),
            repelling - (pod.apart().isEmpty() ? 0 : 1));
      }
    }
    return this;
  }

  private NodeInfo with(
      List<PodInfo> now, Amounts exact, Amounts assumedNow, int choosyNow, int repellingNow) {
    return new NodeInfo(
        name,
        known,
        labels,
        unschedulable,
        taints,
        allocatable,
        podLimit,
        now,
        exact,
        assumedNow,
        choosyNow,
        repellingNow);
  }

  public @Nullable String label(String key) {
    return labels.get(key) instanceof String value ? value : null;
  }
}
