package io.bulwark.cluster.scheduler;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.scheduler.framework.Bind;
import io.bulwark.cluster.scheduler.model.PodInfo;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the scheduler's decisions: bindings, conditions, evictions and events. */
final class PodWriter implements Bind {
  private final ApiClient client;
  private final EventRecorder events;
  private final InstantSource clock;
  private final String schedulerName;
  private final Function<String, @Nullable Tree> pods;

  /**
   * @param pods gives the last known state of a pod by its key, or null
   */
  PodWriter(
      ApiClient client,
      EventRecorder events,
      InstantSource clock,
      String schedulerName,
      Function<String, @Nullable Tree> pods) {
    this.pods = pods;
    this.client = client;
    this.events = events;
    this.clock = clock;
    this.schedulerName = schedulerName;
  }

  @Override
  public String name() {
    return "DefaultBinder";
  }

  @Override
  public void bind(PodInfo pod, String node) {
    Tree binding =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Binding",
            "metadata",
            Tree.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
            "target",
            Tree.of("apiVersion", "v1", "kind", "Node", "name", node));
    client.createSubresource(Resources.PODS, pod.namespace(), pod.name(), "binding", binding);
    event(
        pod,
        EventRecorder.NORMAL,
        "Scheduled",
        "Successfully assigned " + pod.key() + " to " + node);
  }

  void event(PodInfo pod, String type, String reason, String message) {
    Tree reference =
        Tree.of(
            "apiVersion", "v1",
            "kind", "Pod",
            "name", pod.name(),
            "namespace", pod.namespace(),
            "uid", pod.uid());
    events.event(reference, type, reason, message);
  }

  /**
   * Says in the pod's status why it has no node.
   *
   * @param nominated the node for which room is made; empty for none, null to leave it
   */
  void notScheduled(PodInfo pod, String reason, String message, @Nullable String nominated) {
    Tree known = pods.apply(pod.key());
    Tree old = known == null ? null : scheduledCondition(known);
    Tree condition =
        Tree.of("type", "PodScheduled", "status", "False", "reason", reason, "message", message);
    if (known != null && Meta.generation(known) > 0) {
      condition.put("observedGeneration", Meta.generation(known));
    }
    Tree status = new Tree();
    if (old == null || !"False".equals(old.text("status"))) {
      condition.put("lastTransitionTime", Timestamps.seconds(clock.instant()));
    }
    if (old == null || !old.entrySet().containsAll(condition.entrySet())) {
      status.put("conditions", TreeList.of(condition));
    }
    String before = known == null ? "" : known.textOrEmpty("status", "nominatedNodeName");
    if (nominated != null && !nominated.equals(before)) {
      status.put("nominatedNodeName", nominated.isEmpty() ? null : nominated);
    }
    if (!status.isEmpty()) {
      patchStatus(pod, status);
    }
  }

  private static @Nullable Tree scheduledCondition(Tree pod) {
    for (Tree condition : pod.trees("status", "conditions")) {
      if ("PodScheduled".equals(condition.text("type"))) {
        return condition;
      }
    }
    return null;
  }

  void clearNomination(PodInfo pod) {
    Tree status = new Tree();
    status.put("nominatedNodeName", null);
    patchStatus(pod, status);
  }

  /** Marks a pod as preempted, then deletes it with its own grace. */
  void evict(PodInfo victim, PodInfo preemptor, String node) {
    if (victim.terminating()) {
      return;
    }
    try {
      patchStatus(
          victim,
          Tree.of(
              "conditions",
              TreeList.of(
                  Tree.of(
                      "type", "DisruptionTarget",
                      "status", "True",
                      "reason", "PreemptionByScheduler",
                      "message",
                          schedulerName + ": preempting to accommodate a higher priority pod",
                      "lastTransitionTime", Timestamps.seconds(clock.instant())))));
      client.delete(
          Resources.PODS,
          victim.namespace(),
          victim.name(),
          Tree.of(
              "apiVersion", "v1",
              "kind", "DeleteOptions",
              "preconditions", Tree.of("uid", victim.uid())));
    } catch (ApiException refused) {
      if (!refused.notFound() && refused.code() != 409) {
        throw refused;
      }
    }
    event(
        victim,
        EventRecorder.NORMAL,
        "Preempted",
        "Preempted by pod " + preemptor.uid() + " on node " + node);
  }

  private void patchStatus(PodInfo pod, Tree status) {
    client.patch(
        Resources.PODS,
        pod.namespace(),
        pod.name(),
        "status",
        PatchType.STRATEGIC,
        Tree.of("metadata", Tree.of("uid", pod.uid()), "status", status),
        Query.none());
  }
}
