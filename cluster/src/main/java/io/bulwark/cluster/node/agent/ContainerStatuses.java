package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.pod.Restarts;
import io.bulwark.cluster.node.probe.ContainerProbes;
import io.bulwark.cluster.node.runtime.ContainerState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The containerStatuses and initContainerStatuses of a pod. */
final class ContainerStatuses {
  static final String INIT = "initContainerStatuses";
  static final String MAIN = "containerStatuses";
  static final String EPHEMERAL = "ephemeralContainerStatuses";

  private final Tree pod;
  private final PodMemory memory;
  private final SeenPod seen;
  private final ContainerSpecs specs;

  ContainerStatuses(Tree pod, PodMemory memory, SeenPod seen, ContainerSpecs specs) {
    this.pod = pod;
    this.memory = memory;
    this.seen = seen;
    this.specs = specs;
  }

  /**
   * @param field of the pod's status
   */
  TreeList of(List<Tree> containers, String field) {
    TreeList statuses = new TreeList();
    for (Tree container : containers) {
      statuses.add(of(container, field));
    }
    return statuses;
  }

  private Tree of(Tree container, String field) {
    boolean init = field.equals(INIT);
    boolean ephemeral = field.equals(EPHEMERAL);
    String name = container.textOrEmpty("name");
    ContainerState newest = seen.newest(name);
    Tree status =
        Tree.of(
            "name",
            name,
            "image",
            container.textOrEmpty("image"),
            "imageID",
            "",
            "lastState",
            new Tree(),
            "ready",
            false,
            "restartCount",
            0,
            "started",
            false);
    addMounts(status, container);
    Tree before = reported(name, field);
    if (ephemeral) {
      status.remove("started");
    }
    if (newest == null) {
      boolean over = before != null && before.has("state", "terminated");
      if (before != null && over) {
        return before.copy();
      }
      status.put("state", Tree.of("waiting", waiting(name)));
      return status;
    }
    status.put("containerID", "containerd://" + newest.id());
    status.put(
        "imageID", newest.imageReference().isEmpty() ? newest.imageId() : newest.imageReference());
    status.put("restartCount", newest.attempt());
    if (memory.given.getOrDefault(newest.id(), container.treeOrEmpty("resources"))
        instanceof Tree resources) {
      status.put("resources", resources.copy());
      if (resources.tree("requests") instanceof Tree requests) {
        status.put("allocatedResources", requests.copy());
      }
    }
    ContainerState previous = seen.previous(name);
    Waiting reason = memory.waiting.get(name);
    if (newest.running()) {
      status.put(
          "state", Tree.of("running", Tree.of("startedAt", Timestamps.seconds(newest.started()))));
      ContainerProbes probes = memory.probes.get(newest.id());
      boolean regularInit = init && !PodSpec.sidecar(container);
      status.put("ready", !regularInit && !ephemeral && probes != null && probes.ready());
      if (!ephemeral) {
        status.put("started", probes != null && probes.started());
      }
      addLast(status, container, previous, before);
    } else if (!newest.exited() || (waits(container, newest) && reason != null)) {
      status.put("state", Tree.of("waiting", waiting(name)));
      addLast(status, container, newest.exited() ? newest : previous, before);
    } else {
      status.put("state", Tree.of("terminated", terminated(container, newest)));
      status.put("ready", init && !PodSpec.sidecar(container) && newest.exitCode() == 0);
      addLast(status, container, previous, before);
    }
    return status;
  }

  /** What is not started again does not wait, whatever kept it from running. */
  private boolean waits(Tree container, ContainerState ended) {
    return Restarts.due(pod, container, ended.exitCode());
  }

  private @Nullable Tree reported(String name, String field) {
    for (Tree each : pod.trees("status", field)) {
      if (each.textOrEmpty("name").equals(name)) {
        return each;
      }
    }
    return null;
  }

  private Tree waiting(String name) {
    Waiting reason = memory.waiting.get(name);
    if (reason != null) {
      Tree waiting = Tree.of("reason", reason.reason());
      if (!reason.message().isEmpty()) {
        waiting.put("message", reason.message());
      }
      return waiting;
    }
    boolean initializing = !PodSpec.initContainers(pod).isEmpty();
    return Tree.of("reason", initializing ? "PodInitializing" : "ContainerCreating");
  }

  private void addLast(
      Tree status, Tree container, @Nullable ContainerState last, @Nullable Tree before) {
    if (last != null && last.exited()) {
      status.put("lastState", Tree.of("terminated", terminated(container, last)));
    } else if (before != null && before.tree("lastState") instanceof Tree kept) {
      status.put("lastState", kept.copy());
    }
  }

  private Tree terminated(Tree container, ContainerState state) {
    String message =
        memory.messages.computeIfAbsent(
            state.id(),
            id ->
                TerminationMessages.read(
                    specs.messageFile(Meta.uid(pod), state.name(), state.attempt()),
                    container,
                    state));
    boolean ran = state.started().getEpochSecond() > 0;
    Tree terminated =
        Tree.of(
            "containerID", "containerd://" + state.id(),
            "exitCode", state.exitCode(),
            "finishedAt", Timestamps.seconds(state.finished()),
            "reason", state.reason().isEmpty() ? "Error" : state.reason(),
            "startedAt", Timestamps.seconds(ran ? state.started() : state.created()));
    String text = message.isEmpty() ? state.message() : message;
    if (!text.isEmpty()) {
      terminated.put("message", text);
    }
    return terminated;
  }

  private static void addMounts(Tree status, Tree container) {
    TreeList mounts = new TreeList();
    for (Tree mount : container.trees("volumeMounts")) {
      Tree shown =
          Tree.of("mountPath", mount.textOrEmpty("mountPath"), "name", mount.textOrEmpty("name"));
      if (mount.flag("readOnly")) {
        shown.put("readOnly", true);
        shown.put("recursiveReadOnly", "Disabled");
      }
      mounts.add(shown);
    }
    if (!mounts.isEmpty()) {
      status.put("volumeMounts", mounts);
    }
  }
}
