package io.bulwark.cluster.node.simulated;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What simulated nodes say of themselves and of their pods. */
final class SimulatedObjects {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int LEASE_SECONDS = 40;
  private static final String VERSION = "v1.36.0+bulwark.0.1.0";

  private SimulatedObjects() {}

  static Tree node(String name) {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Node",
        "metadata",
            Tree.of(
                "name",
                name,
                "labels",
                Tree.of(
                    "kubernetes.io/arch", "amd64",
                    "kubernetes.io/os", "linux",
                    "kubernetes.io/hostname", name,
                    "bulwark.io/simulated", "true")));
  }

  static Tree nodeStatus(String name, Instant now) {
    Tree resources =
        Tree.of("cpu", "32", "memory", "256Gi", "pods", "110", "ephemeral-storage", "1Ti");
    Tree status = new Tree();
    status.put("capacity", resources);
    status.put("allocatable", resources.copy());
    status.put("addresses", TreeList.of(Tree.of("type", "Hostname", "address", name)));
    TreeList conditions = status.childList("conditions");
    for (String pressure : List.of("MemoryPressure", "DiskPressure", "PIDPressure")) {
      conditions.add(condition(pressure, "False", "SimulatedNode", "no pressure", now));
    }
    conditions.add(condition("Ready", "True", "SimulatedNode", "simulated node is ready", now));
    status.put(
        "nodeInfo",
        Tree.of(
            "architecture", "amd64",
            "operatingSystem", "linux",
            "osImage", "simulated",
            "kernelVersion", "simulated",
            "containerRuntimeVersion", "simulated://1",
            "kubeletVersion", VERSION,
            "kubeProxyVersion", "",
            "machineID", "",
            "systemUUID", "",
            "bootID", ""));
    return status;
  }

  static Tree lease(String name, Instant now) {
    return Tree.of(
        "apiVersion",
        "coordination.k8s.io/v1",
        "kind",
        "Lease",
        "metadata",
        Tree.of("name", name, "namespace", "kube-node-lease"),
        "spec",
        Tree.of(
            "holderIdentity", name,
            "leaseDurationSeconds", LEASE_SECONDS,
            "renewTime", MICROS.format(now)));
  }

  /** The status of a pod all of whose containers run; init containers have ended well. */
  static Tree podStatus(Tree pod, String address, Instant now) {
    Tree status = pod.treeOrEmpty("status").copy();
    String time = seconds(now);
    status.put("phase", "Running");
    status.put("podIP", address);
    status.put("podIPs", TreeList.of(Tree.of("ip", address)));
    status.put("hostIP", "127.0.0.1");
    status.put("hostIPs", TreeList.of(Tree.of("ip", "127.0.0.1")));
    status.put("startTime", time);
    status.put("observedGeneration", Meta.generation(pod));
    TreeList conditions = new TreeList();
    for (Tree known : pod.trees("status", "conditions")) {
      if (known.textOrEmpty("type").equals("PodScheduled")) {
        conditions.add(known.copy());
      }
    }
    for (String type :
        List.of("PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready")) {
      conditions.add(Tree.of("type", type, "status", "True", "lastTransitionTime", time));
    }
    status.put("conditions", conditions);
    containers(status, pod, "containers", "containerStatuses", running(time), true);
    Tree ended =
        Tree.of(
            "terminated",
            Tree.of("exitCode", 0, "reason", "Completed", "startedAt", time, "finishedAt", time));
    containers(status, pod, "initContainers", "initContainerStatuses", ended, true);
    return status;
  }

  private static Tree running(String time) {
    return Tree.of("running", Tree.of("startedAt", time));
  }

  private static void containers(
      Tree status, Tree pod, String spec, String field, Tree state, boolean ready) {
    TreeList statuses = new TreeList();
    for (Tree container : pod.trees("spec", spec)) {
      boolean sidecar = container.textOrEmpty("restartPolicy").equals("Always");
      statuses.add(
          Tree.of(
              "name",
              container.textOrEmpty("name"),
              "image",
              container.textOrEmpty("image"),
              "imageID",
              "simulated://" + container.textOrEmpty("image"),
              "containerID",
              "simulated://" + Meta.uid(pod) + "/" + container.textOrEmpty("name"),
              "ready",
              ready,
              "started",
              true,
              "restartCount",
              0,
              "state",
              sidecar ? running(status.textOrEmpty("startTime")) : state.copy()));
    }
    if (!statuses.isEmpty()) {
      status.put(field, statuses);
    }
  }

  private static Tree condition(
      String type, String value, String reason, String message, Instant now) {
    return Tree.of(
        "type", type,
        "status", value,
        "reason", reason,
        "message", message,
        "lastHeartbeatTime", seconds(now),
        "lastTransitionTime", seconds(now));
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
