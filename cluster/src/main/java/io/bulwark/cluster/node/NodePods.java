package io.bulwark.cluster.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.agent.PodWorkers;
import io.bulwark.cluster.node.agent.SandboxSpecs;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.SandboxState;
import io.bulwark.cluster.node.server.PodDirectory;
import io.bulwark.cluster.node.stats.StatsSummary;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the node endpoint may know of the agent's pods. */
final class NodePods implements PodDirectory {
  private final PodWorkers workers;
  private final ContainerRuntime runtime;
  private final SandboxSpecs sandboxes;
  private final StatsSummary stats;

  NodePods(
      PodWorkers workers, ContainerRuntime runtime, SandboxSpecs sandboxes, StatsSummary stats) {
    this.workers = workers;
    this.runtime = runtime;
    this.sandboxes = sandboxes;
    this.stats = stats;
  }

  @Override
  public List<Tree> pods() {
    return workers.pods();
  }

  @Override
  public @Nullable Log log(Tree pod, String container, boolean previous) {
    List<ContainerState> instances = instances(pod, container);
    int wanted = previous ? 1 : 0;
    if (instances.size() <= wanted) {
      return null;
    }
    ContainerState instance = instances.get(wanted);
    return new Log(
        sandboxes.logDirectory(pod).resolve(container).resolve(instance.attempt() + ".log"),
        () -> running(instance));
  }

  private boolean running(ContainerState instance) {
    try {
      return runtime.container(instance.sandboxId(), instance.id()).running();
    } catch (RuntimeFailure gone) {
      return false;
    }
  }

  @Override
  public URI exec(Tree pod, String container, List<String> command, Streams streams)
      throws NotRunning, IOException {
    ContainerState instance = runningInstance(pod, container);
    return address(
        () ->
            runtime.execAddress(
                instance.id(),
                command,
                streams.terminal(),
                streams.stdin(),
                streams.stdout(),
                streams.stderr() && !streams.terminal()));
  }

  @Override
  public URI attach(Tree pod, String container, Streams streams) throws NotRunning, IOException {
    ContainerState instance = runningInstance(pod, container);
    return address(
        () ->
            runtime.attachAddress(
                instance.id(),
                streams.terminal(),
                streams.stdin(),
                streams.stdout(),
                streams.stderr() && !streams.terminal()));
  }

  @Override
  public URI portForward(Tree pod, List<Integer> ports) throws NotRunning, IOException {
    for (SandboxState sandbox : runtime.sandboxes(SandboxSpecs.POD_UID, Meta.uid(pod))) {
      if (sandbox.ready()) {
        return address(() -> runtime.portForwardAddress(sandbox.id(), ports));
      }
    }
    throw new NotRunning("pod " + Meta.key(pod) + " has no running sandbox");
  }

  @Override
  public Tree summary() {
    return stats.of(pods());
  }

  private ContainerState runningInstance(Tree pod, String container) throws NotRunning {
    for (ContainerState instance : instances(pod, container)) {
      if (instance.running()) {
        return instance;
      }
    }
    throw new NotRunning("container not found (\"" + container + "\")");
  }

  private List<ContainerState> instances(Tree pod, String container) {
    return runtime.containers(SandboxSpecs.POD_UID, Meta.uid(pod)).stream()
        .filter(each -> each.name().equals(container))
        .sorted(Comparator.comparing(ContainerState::created).reversed())
        .toList();
  }

  private interface Call {
    URI address();
  }

  private static URI address(Call call) throws IOException {
    try {
      return call.address();
    } catch (RuntimeFailure refused) {
      throw new IOException(refused.getMessage(), refused);
    }
  }
}
