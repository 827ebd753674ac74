package io.bulwark.cluster.node.runtime;

import com.google.protobuf.Message;
import io.bulwark.cluster.node.runtime.cri.AttachRequest;
import io.bulwark.cluster.node.runtime.cri.ContainerFilter;
import io.bulwark.cluster.node.runtime.cri.ContainerStats;
import io.bulwark.cluster.node.runtime.cri.ContainerStatusRequest;
import io.bulwark.cluster.node.runtime.cri.CreateContainerRequest;
import io.bulwark.cluster.node.runtime.cri.ExecRequest;
import io.bulwark.cluster.node.runtime.cri.ExecSyncRequest;
import io.bulwark.cluster.node.runtime.cri.ExecSyncResponse;
import io.bulwark.cluster.node.runtime.cri.ListContainerStatsRequest;
import io.bulwark.cluster.node.runtime.cri.ListContainersRequest;
import io.bulwark.cluster.node.runtime.cri.ListPodSandboxRequest;
import io.bulwark.cluster.node.runtime.cri.PodSandboxFilter;
import io.bulwark.cluster.node.runtime.cri.PodSandboxStatusRequest;
import io.bulwark.cluster.node.runtime.cri.PortForwardRequest;
import io.bulwark.cluster.node.runtime.cri.RemoveContainerRequest;
import io.bulwark.cluster.node.runtime.cri.RemovePodSandboxRequest;
import io.bulwark.cluster.node.runtime.cri.ReopenContainerLogRequest;
import io.bulwark.cluster.node.runtime.cri.RunPodSandboxRequest;
import io.bulwark.cluster.node.runtime.cri.RuntimeCondition;
import io.bulwark.cluster.node.runtime.cri.RuntimeServiceGrpc;
import io.bulwark.cluster.node.runtime.cri.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import io.bulwark.cluster.node.runtime.cri.StartContainerRequest;
import io.bulwark.cluster.node.runtime.cri.StatusRequest;
import io.bulwark.cluster.node.runtime.cri.StopContainerRequest;
import io.bulwark.cluster.node.runtime.cri.StopPodSandboxRequest;
import io.bulwark.cluster.node.runtime.cri.UpdateContainerResourcesRequest;
import io.bulwark.cluster.node.runtime.cri.VersionRequest;
import io.bulwark.cluster.node.runtime.cri.VersionResponse;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sandboxes and containers of one container runtime over CRI. Every method blocks, and throws
 * {@link RuntimeFailure} when the runtime refuses, is away, or takes longer than two minutes where
 * nothing else is said.
 *
 * <p>Thread-safe. Source: CRI v1.
 */
public final class ContainerRuntime implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final RuntimeChannel channel;
  private final RuntimeServiceBlockingStub calls;
  private final RuntimeImages images;

  private ContainerRuntime(RuntimeChannel channel) {
    this.channel = channel;
    this.calls = RuntimeServiceGrpc.newBlockingStub(channel.channel());
    this.images = new RuntimeImages(channel.channel());
  }

  /** A client of the runtime behind a unix socket; connects on first use. */
  public static ContainerRuntime at(Path socket) {
    return new ContainerRuntime(new RuntimeChannel(socket));
  }

  /** Tells that the runtime was started again: the next call need not wait for it. */
  public void reconnect() {
    channel.reconnect();
  }

  /** Names and contents of its store. */
  public RuntimeContent content() {
    return new RuntimeContent(channel.channel());
  }

  /** The image side of the same runtime. */
  public RuntimeImages images() {
    return images;
  }

  /** The runtime's notices of containers that started or ended. */
  public RuntimeNotices notices() {
    return new RuntimeNotices(channel.channel());
  }

  public RuntimeHealth health() {
    VersionResponse version =
        call(stub -> stub.version(VersionRequest.newBuilder().setVersion("0.1.0").build()));
    List<RuntimeCondition> conditions =
        call(stub -> stub.status(StatusRequest.getDefaultInstance()))
            .getStatus()
            .getConditionsList();
    boolean ready = true;
    boolean network = true;
    StringBuilder problem = new StringBuilder();
    for (RuntimeCondition condition : conditions) {
      ready &= condition.getStatus() || !condition.getType().equals("RuntimeReady");
      network &= condition.getStatus() || !condition.getType().equals("NetworkReady");
      if (!condition.getStatus()) {
        String target =
            condition.getType().equals("NetworkReady")
                ? "container runtime network not ready"
                : "container runtime not ready";
        problem.append(problem.isEmpty() ? "" : ", ");
        problem.append(
            "%s: %s=false reason:%s message:%s"
                .formatted(
                    target, condition.getType(), condition.getReason(), condition.getMessage()));
      }
    }
    return new RuntimeHealth(
        ready, network, version.getRuntimeName(), version.getRuntimeVersion(), problem.toString());
  }

  /** Runs a sandbox with its network and returns its id. */
  public String runSandbox(SandboxSpec spec) {
    RunPodSandboxRequest request =
        RunPodSandboxRequest.newBuilder().setConfig(Wire.sandbox(spec)).build();
    return call(Duration.ofMinutes(4), stub -> stub.runPodSandbox(request)).getPodSandboxId();
  }

  /** Kills what runs in a sandbox and frees its network. Repeatable. */
  public void stopSandbox(String id) {
    call(
        stub ->
            stub.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
  }

  /** Removes a stopped sandbox and its containers. Repeatable. */
  public void removeSandbox(String id) {
    call(
        stub ->
            stub.removePodSandbox(
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
  }

  public List<SandboxState> sandboxes() {
    return call(stub -> stub.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
        .getItemsList()
        .stream()
        .map(Wire::sandbox)
        .toList();
  }

  /** A sandbox with its addresses. */
  public SandboxState sandbox(String id) {
    return Wire.sandbox(
        call(stub ->
                stub.podSandboxStatus(
                    PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build()))
            .getStatus());
  }

  /** Creates a container and returns its id. */
  public String createContainer(String sandboxId, ContainerSpec spec, SandboxSpec sandbox) {
    CreateContainerRequest request =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(sandboxId)
            .setConfig(Wire.container(spec))
            .setSandboxConfig(Wire.sandbox(sandbox))
            .build();
    return call(stub -> stub.createContainer(request)).getContainerId();
  }

  public void startContainer(String id) {
    call(
        stub -> stub.startContainer(StartContainerRequest.newBuilder().setContainerId(id).build()));
  }

  /** Asks a container to end, kills it after the grace period, and returns when it ended. */
  public void stopContainer(String id, Duration grace) {
    StopContainerRequest request =
        StopContainerRequest.newBuilder().setContainerId(id).setTimeout(grace.toSeconds()).build();
    call(LIMIT.plus(grace), stub -> stub.stopContainer(request));
  }

  /** Changes what a running container may use. */
  public void updateContainer(String id, Limits limits) {
    UpdateContainerResourcesRequest request =
        UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(id)
            .setLinux(Wire.limits(limits))
            .build();
    call(stub -> stub.updateContainerResources(request));
  }

  public void removeContainer(String id) {
    call(
        stub ->
            stub.removeContainer(RemoveContainerRequest.newBuilder().setContainerId(id).build()));
  }

  /** Every container without its times and exit code. */
  public List<ContainerState> containers() {
    return call(stub -> stub.listContainers(ListContainersRequest.getDefaultInstance()))
        .getContainersList()
        .stream()
        .map(Wire::container)
        .toList();
  }

  /** The containers with a label, without their times and exit codes. */
  public List<ContainerState> containers(String label, String value) {
    ListContainersRequest request =
        ListContainersRequest.newBuilder()
            .setFilter(ContainerFilter.newBuilder().putLabelSelector(label, value))
            .build();
    return call(stub -> stub.listContainers(request)).getContainersList().stream()
        .map(Wire::container)
        .toList();
  }

  /** The sandboxes with a label, without their addresses. */
  public List<SandboxState> sandboxes(String label, String value) {
    ListPodSandboxRequest request =
        ListPodSandboxRequest.newBuilder()
            .setFilter(PodSandboxFilter.newBuilder().putLabelSelector(label, value))
            .build();
    return call(stub -> stub.listPodSandbox(request)).getItemsList().stream()
        .map(Wire::sandbox)
        .toList();
  }

  /**
   * All of a container's state.
   *
   * @param sandboxId of its sandbox, which the runtime does not repeat
   */
  public ContainerState container(String sandboxId, String id) {
    ContainerStatusRequest request = ContainerStatusRequest.newBuilder().setContainerId(id).build();
    return Wire.container(sandboxId, call(stub -> stub.containerStatus(request)).getStatus());
  }

  /**
   * Runs a command in a container to its end.
   *
   * @throws RuntimeFailure that {@link RuntimeFailure#timedOut()} after the limit
   */
  public ExecResult exec(String id, List<String> command, Duration limit) {
    ExecSyncRequest request =
        ExecSyncRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(command)
            .setTimeout(limit.toSeconds())
            .build();
    ExecSyncResponse response =
        call(limit.isZero() ? LIMIT : limit.plusSeconds(10), stub -> stub.execSync(request));
    return new ExecResult(
        response.getExitCode(),
        response.getStdout().toByteArray(),
        response.getStderr().toByteArray());
  }

  /** Where to stream a command's input and output; the address may be used once. */
  public URI execAddress(
      String id, List<String> command, boolean tty, boolean in, boolean out, boolean error) {
    ExecRequest request =
        ExecRequest.newBuilder()
            .setContainerId(id)
            .addAllCmd(command)
            .setTty(tty)
            .setStdin(in)
            .setStdout(out)
            .setStderr(error)
            .build();
    return URI.create(call(stub -> stub.exec(request)).getUrl());
  }

  /** Where to stream a running container's input and output; the address may be used once. */
  public URI attachAddress(String id, boolean tty, boolean in, boolean out, boolean error) {
    AttachRequest request =
        AttachRequest.newBuilder()
            .setContainerId(id)
            .setTty(tty)
            .setStdin(in)
            .setStdout(out)
            .setStderr(error)
            .build();
    return URI.create(call(stub -> stub.attach(request)).getUrl());
  }

  /** Where to stream a pod's ports; the address may be used once. */
  public URI portForwardAddress(String sandboxId, List<Integer> ports) {
    PortForwardRequest request =
        PortForwardRequest.newBuilder().setPodSandboxId(sandboxId).addAllPort(ports).build();
    return URI.create(call(stub -> stub.portForward(request)).getUrl());
  }

  /** Makes the runtime write to a new log file after the old one was moved. */
  public void reopenLog(String id) {
    ReopenContainerLogRequest request =
        ReopenContainerLogRequest.newBuilder().setContainerId(id).build();
    call(stub -> stub.reopenContainerLog(request));
  }

  /** What every running container uses. */
  public List<ContainerUsage> usage() {
    return call(stub -> stub.listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
        .getStatsList()
        .stream()
        .map(ContainerRuntime::usage)
        .toList();
  }

  private static ContainerUsage usage(ContainerStats stats) {
    return new ContainerUsage(
        stats.getAttributes().getId(),
        stats.getAttributes().getMetadata().getName(),
        stats.getAttributes().getLabelsMap(),
        Wire.time(stats.getCpu().getTimestamp()),
        stats.getCpu().getUsageCoreNanoSeconds().getValue(),
        stats.getMemory().getWorkingSetBytes().getValue(),
        stats.getMemory().getUsageBytes().getValue(),
        stats.getWritableLayer().getUsedBytes().getValue(),
        stats.getWritableLayer().getInodesUsed().getValue());
  }

  @Override
  public void close() {
    channel.close();
  }

  private <T extends Message> T call(Function<RuntimeServiceBlockingStub, T> call) {
    return call(LIMIT, call);
  }

  private <T extends Message> T call(Duration limit, Function<RuntimeServiceBlockingStub, T> call) {
    try {
      return call.apply(calls.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException refused) {
      throw new RuntimeFailure(refused);
    }
  }
}
