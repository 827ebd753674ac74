package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.node.pod.PodSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a pod from what is seen on the node.
 *
 * <p>Source: kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle, phases and conditions.
 */
public final class PodStatuses {
  private final NodeConfiguration configuration;
  private final ContainerSpecs specs;
  private final InstantSource clock;

  public PodStatuses(NodeConfiguration configuration, ContainerSpecs specs, InstantSource clock) {
    this.configuration = configuration;
    this.specs = specs;
    this.clock = clock;
  }

  /**
   * @param over whether nothing of the pod runs any more and nothing will
   */
  public Tree of(Tree pod, PodMemory memory, SeenPod seen, boolean over) {
    if (PodSpec.finished(pod) && seen.nothing()) {
      return pod.treeOrEmpty("status");
    }
    ContainerStatuses statuses = new ContainerStatuses(pod, memory, seen, specs);
    Tree status = new Tree();
    TreeList init = statuses.of(PodSpec.initContainers(pod), ContainerStatuses.INIT);
    TreeList main = statuses.of(PodSpec.containers(pod), ContainerStatuses.MAIN);
    TreeList ephemeral = statuses.of(PodSpec.ephemeralContainers(pod), ContainerStatuses.EPHEMERAL);
    if (over && !seen.nothing() && initialized(pod, init.trees(), main.trees())) {
      main.trees().forEach(PodStatuses::closeUnknown);
    }
    if (!init.isEmpty()) {
      status.put(ContainerStatuses.INIT, init);
    }
    status.put(ContainerStatuses.MAIN, main);
    if (!ephemeral.isEmpty()) {
      status.put(ContainerStatuses.EPHEMERAL, ephemeral);
    }
    String phase =
        PodPhase.of(pod, init.trees(), main.trees(), over, over && memory.verdict != null);
    status.put("phase", phase);
    status.put("qosClass", PodSpec.qosClass(pod));
    String started = pod.text("status", "startTime");
    status.put("startTime", started == null ? Timestamps.seconds(memory.begun) : started);
    if (Meta.generation(pod) > 0) {
      status.put("observedGeneration", Meta.generation(pod));
    }
    Tree resources = resources(pod);
    status.put("resources", resources);
    if (resources.tree("requests") instanceof Tree requests) {
      status.put("allocatedResources", requests.copy());
    }
    addAddresses(status, pod, memory);
    Verdict verdict = memory.verdict;
    if (verdict != null && over) {
      status.put("reason", verdict.reason());
      status.put("message", verdict.message());
    } else if (PodSpec.finished(pod)) {
      keep(status, pod, "reason");
      keep(status, pod, "message");
    }
    addConditions(status, pod, memory, seen, init.trees(), main.trees());
    if (verdict != null && verdict.rejected()) {
      status.remove(ContainerStatuses.INIT);
      status.remove(ContainerStatuses.MAIN);
    }
    return status.freeze();
  }

  /** What the containers that stay ask for, all together. */
  private static Tree resources(Tree pod) {
    List<Tree> staying = new ArrayList<>(PodSpec.containers(pod));
    PodSpec.initContainers(pod).stream().filter(PodSpec::sidecar).forEach(staying::add);
    Tree all = new Tree();
    for (String part : List.of("limits", "requests")) {
      for (Tree container : staying) {
        container
            .treeOrEmpty("resources", part)
            .forEach(
                (name, amount) -> {
                  Tree sums = all.child(part);
                  Quantity sum = Quantity.of(amount);
                  Object before = sums.get(name);
                  sums.put(name, before == null ? amount : Quantity.of(before).add(sum).toString());
                });
      }
    }
    return all;
  }

  /** What an earlier agent told of a pod that has finished stays. */
  private static void keep(Tree status, Tree pod, String field) {
    String known = pod.text("status", field);
    if (known != null) {
      status.put(field, known);
    }
  }

  private static boolean initialized(Tree pod, List<Tree> init, List<Tree> main) {
    if (init.isEmpty() || main.stream().anyMatch(status -> status.has("containerID"))) {
      return true;
    }
    Tree last = init.getLast();
    Tree container = PodSpec.container(pod, last.textOrEmpty("name"));
    return (container != null && PodSpec.sidecar(container))
        ? last.flag("started")
        : last.number(1, "state", "terminated", "exitCode") == 0;
  }

  /** What never ran, or left nothing to see, has failed when its pod is over. */
  private static void closeUnknown(Tree status) {
    if (!status.has("state", "terminated")) {
      status.put(
          "state",
          Tree.of(
              "terminated",
              Tree.of(
                  "exitCode",
                  137,
                  "message",
                  "The container could not be located when the pod was terminated",
                  "reason",
                  "ContainerStatusUnknown")));
      status.put("ready", false);
      status.put("started", false);
    }
  }

  private void addAddresses(Tree status, Tree pod, PodMemory memory) {
    status.put("hostIP", configuration.addresses().getFirst());
    status.put("hostIPs", addresses(configuration.addresses()));
    List<String> own =
        PodSpec.hostNetwork(pod) && memory.addressesOf != null
            ? configuration.addresses()
            : memory.addresses;
    if (!own.isEmpty()) {
      status.put("podIP", own.getFirst());
      status.put("podIPs", addresses(own));
    }
  }

  private static TreeList addresses(List<String> addresses) {
    TreeList list = new TreeList();
    addresses.forEach(address -> list.add(Tree.of("ip", address)));
    return list;
  }

  private void addConditions(
      Tree status, Tree pod, PodMemory memory, SeenPod seen, List<Tree> init, List<Tree> main) {
    String phase = status.textOrEmpty("phase");
    boolean finished = phase.equals("Succeeded") || phase.equals("Failed");
    TreeList conditions = new TreeList();
    boolean network = seen.ready() != null && memory.addressesOf != null;
    conditions.add(condition(pod, "PodReadyToStartContainers", network, "", ""));
    conditions.add(initialized(pod, phase, init, main));
    Tree containers = containersReady(pod, phase, finished, init, main);
    conditions.add(ready(pod, containers));
    conditions.add(containers);
    conditions.add(condition(pod, "PodScheduled", true, "", ""));
    Verdict pending = memory.resizePending;
    if (pending != null && !finished) {
      conditions.add(condition(pod, "PodResizePending", true, pending.reason(), pending.message()));
    }
    if (!memory.resizeErrors.isEmpty() && !finished) {
      String errors = String.join("; ", memory.resizeErrors.values());
      conditions.add(condition(pod, "PodResizeInProgress", true, "Error", errors));
    }
    status.put("conditions", conditions);
  }

  private Tree initialized(Tree pod, String phase, List<Tree> init, List<Tree> main) {
    if (phase.equals("Succeeded")) {
      return condition(pod, "Initialized", true, "PodCompleted", "");
    }
    boolean anyMain = main.stream().anyMatch(status -> status.has("containerID"));
    List<String> missing = new ArrayList<>();
    for (Tree status : init) {
      Tree container = PodSpec.container(pod, status.textOrEmpty("name"));
      boolean sidecar = container != null && PodSpec.sidecar(container);
      boolean done =
          sidecar
              ? status.flag("started")
              : status.flag("ready") || status.number(1, "state", "terminated", "exitCode") == 0;
      if (!done && !anyMain) {
        missing.add(status.textOrEmpty("name"));
      }
    }
    return missing.isEmpty()
        ? condition(pod, "Initialized", true, "", "")
        : condition(
            pod,
            "Initialized",
            false,
            "ContainersNotInitialized",
            "containers with incomplete status: [" + String.join(" ", missing) + "]");
  }

  private Tree containersReady(
      Tree pod, String phase, boolean finished, List<Tree> init, List<Tree> main) {
    if (finished) {
      return condition(
          pod,
          "ContainersReady",
          false,
          phase.equals("Succeeded") ? "PodCompleted" : "PodFailed",
          "");
    }
    List<String> unready = new ArrayList<>();
    for (Tree status : init) {
      Tree container = PodSpec.container(pod, status.textOrEmpty("name"));
      if (container != null && PodSpec.sidecar(container) && !status.flag("ready")) {
        unready.add(status.textOrEmpty("name"));
      }
    }
    for (Tree status : main) {
      if (!status.flag("ready")) {
        unready.add(status.textOrEmpty("name"));
      }
    }
    return unready.isEmpty()
        ? condition(pod, "ContainersReady", true, "", "")
        : condition(
            pod,
            "ContainersReady",
            false,
            "ContainersNotReady",
            "containers with unready status: [" + String.join(" ", unready) + "]");
  }

  private Tree ready(Tree pod, Tree containers) {
    if (!containers.textOrEmpty("status").equals("True")) {
      return condition(
          pod, "Ready", false, containers.textOrEmpty("reason"), containers.textOrEmpty("message"));
    }
    List<String> missing = new ArrayList<>();
    for (Tree gate : pod.trees("spec", "readinessGates")) {
      String type = gate.textOrEmpty("conditionType");
      Tree found = reported(pod, type);
      if (found == null) {
        missing.add(
            "corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
      } else if (!found.textOrEmpty("status").equals("True")) {
        missing.add(
            "the status of pod readiness gate \""
                + type
                + "\" is not \"True\", but "
                + found.textOrEmpty("status"));
      }
    }
    return missing.isEmpty()
        ? condition(pod, "Ready", true, "", "")
        : condition(pod, "Ready", false, "ReadinessGatesNotReady", String.join(", ", missing));
  }

  private Tree condition(Tree pod, String type, boolean holds, String reason, String message) {
    String status = holds ? "True" : "False";
    Tree condition = Tree.of("type", type, "status", status);
    if (!reason.isEmpty()) {
      condition.put("reason", reason);
    }
    if (!message.isEmpty()) {
      condition.put("message", message);
    }
    if (Meta.generation(pod) > 0) {
      condition.put("observedGeneration", Meta.generation(pod));
    }
    Tree before = reported(pod, type);
    boolean same = before != null && before.textOrEmpty("status").equals(status);
    Instant now = clock.instant();
    String since = before != null && same ? before.text("lastTransitionTime") : null;
    condition.put("lastTransitionTime", since == null ? Timestamps.seconds(now) : since);
    return condition;
  }

  private static @Nullable Tree reported(Tree pod, String type) {
    for (Tree condition : pod.trees("status", "conditions")) {
      if (condition.textOrEmpty("type").equals(type)) {
        return condition;
      }
    }
    return null;
  }
}
