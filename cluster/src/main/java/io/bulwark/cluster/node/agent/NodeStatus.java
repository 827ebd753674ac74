package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The status of a Node object.
 *
 * <p>Source: kubernetes.io/docs/reference/node/node-status.
 */
public final class NodeStatus {
  /** The version that nodes report. */
  public static final String VERSION = "v1.36.0+bulwark.0.1.0";

  private static final int MOST_IMAGES = 50;
  private static final long MEMORY_KEPT = 100L << 20;
  private static final double STORAGE_KEPT = 0.10;

  private final NodeConfiguration configuration;
  private final MachineFacts machine;
  private volatile int endpointPort;

  public NodeStatus(NodeConfiguration configuration, MachineFacts machine) {
    this.configuration = configuration;
    this.machine = machine;
    this.endpointPort = configuration.endpointPort();
  }

  /** Returns whether the port is another than before. */
  boolean listensOn(int port) {
    boolean other = endpointPort != port;
    endpointPort = port;
    return other;
  }

  public Tree allocatable() {
    Tree allocatable = capacity();
    long memory = Math.max(0, machine.memory() - MEMORY_KEPT);
    allocatable.put("memory", memory / 1024 + "Ki");
    allocatable.put("ephemeral-storage", Long.toString((long) (machine.storage() * 0.9)));
    return allocatable;
  }

  private Tree capacity() {
    return Tree.of(
        "cpu",
        Long.toString(machine.processors()),
        "ephemeral-storage",
        machine.storage() / 1024 + "Ki",
        "hugepages-1Gi",
        "0",
        "hugepages-2Mi",
        "0",
        "memory",
        machine.memory() / 1024 + "Ki",
        "pods",
        Integer.toString(configuration.pods()));
  }

  /**
   * @param before the Node's present status; capacity that others added is kept
   * @param health of the container runtime, or null while it cannot be reached
   */
  public Tree of(
      Tree before, @Nullable RuntimeHealth health, List<ImageState> images, Instant now) {
    Tree status = new Tree();
    Tree capacity = capacity();
    Tree allocatable = allocatable();
    before
        .treeOrEmpty("capacity")
        .forEach(
            (resource, amount) -> {
              if (!capacity.containsKey(resource)) {
                capacity.put(resource, amount);
                allocatable.put(resource, amount);
              }
            });
    status.put("capacity", capacity);
    status.put("allocatable", allocatable);
    TreeList addresses = new TreeList();
    for (String address : configuration.addresses()) {
      addresses.add(Tree.of("address", address, "type", "InternalIP"));
    }
    addresses.add(Tree.of("address", configuration.name(), "type", "Hostname"));
    status.put("addresses", addresses);
    status.put("daemonEndpoints", Tree.of("kubeletEndpoint", Tree.of("Port", endpointPort)));
    Tree info = machine.nodeInfo().copy();
    info.put("kubeletVersion", VERSION);
    info.put("kubeProxyVersion", "");
    info.put(
        "containerRuntimeVersion",
        health == null
            ? before.textOrEmpty("nodeInfo", "containerRuntimeVersion")
            : health.name() + "://" + health.version());
    status.put("nodeInfo", info);
    status.put("conditions", conditions(before, health, now));
    status.put("images", images(images));
    return status;
  }

  private TreeList conditions(Tree before, @Nullable RuntimeHealth health, Instant now) {
    TreeList conditions = new TreeList();
    boolean memory = memoryShort();
    conditions.add(
        condition(
            before,
            "MemoryPressure",
            memory,
            memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
            memory
                ? "kubelet has insufficient memory available"
                : "kubelet has sufficient memory available",
            now));
    boolean disk = diskShort();
    conditions.add(
        condition(
            before,
            "DiskPressure",
            disk,
            disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
            disk ? "kubelet has disk pressure" : "kubelet has no disk pressure",
            now));
    boolean processes = processesShort();
    conditions.add(
        condition(
            before,
            "PIDPressure",
            processes,
            processes ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
            processes
                ? "kubelet has insufficient PID available"
                : "kubelet has sufficient PID available",
            now));
    String problem = health == null ? "container runtime is down" : health.problem();
    boolean ready = problem.isEmpty();
    conditions.add(
        condition(
            before,
            "Ready",
            ready,
            ready ? "KubeletReady" : "KubeletNotReady",
            ready ? "kubelet is posting ready status" : problem,
            now));
    return conditions;
  }

  private static Tree condition(
      Tree before, String type, boolean holds, String reason, String message, Instant now) {
    String status = holds ? "True" : "False";
    String since = Timestamps.seconds(now);
    for (Tree known : before.trees("conditions")) {
      if (known.textOrEmpty("type").equals(type) && known.textOrEmpty("status").equals(status)) {
        since = known.textOrEmpty("lastTransitionTime");
      }
    }
    return Tree.of(
        "lastHeartbeatTime", Timestamps.seconds(now),
        "lastTransitionTime", since,
        "message", message,
        "reason", reason,
        "status", status,
        "type", type);
  }

  private static TreeList images(List<ImageState> images) {
    TreeList list = new TreeList();
    images.stream()
        .sorted(Comparator.comparingLong(ImageState::size).reversed())
        .limit(MOST_IMAGES)
        .forEach(
            image ->
                list.add(
                    Tree.of(
                        "names",
                        new TreeList(
                            Stream.concat(image.digests().stream(), image.tags().stream())
                                .limit(5)
                                .toList()),
                        "sizeBytes",
                        image.size())));
    return list;
  }

  private static boolean memoryShort() {
    try {
      return MachineFacts.availableMemory() < MEMORY_KEPT;
    } catch (IOException unknown) {
      return false;
    }
  }

  private boolean diskShort() {
    try {
      var store = Files.getFileStore(configuration.directory());
      return store.getUsableSpace() < store.getTotalSpace() * STORAGE_KEPT;
    } catch (IOException unknown) {
      return false;
    }
  }

  private static boolean processesShort() {
    try {
      long most = kernelNumber(java.nio.file.Path.of("/proc/sys/kernel/pid_max"));
      String load = Files.readString(java.nio.file.Path.of("/proc/loadavg"));
      long now = Long.parseLong(load.split(" ")[3].split("/")[1]);
      return now > most * 9 / 10;
    } catch (IOException | NumberFormatException unknown) {
      return false;
    }
  }

  /**
   * The kernel gives a number to the first read only, whole or cut, so one read must take it all.
   */
  private static long kernelNumber(java.nio.file.Path setting) throws IOException {
    byte[] text = new byte[64];
    try (var in = Files.newInputStream(setting)) {
      int length = Math.max(in.read(text), 0);
      return Long.parseLong(
          new String(text, 0, length, java.nio.charset.StandardCharsets.US_ASCII).strip());
    }
  }
}
