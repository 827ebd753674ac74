package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.probe.ContainerProbes;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's worker remembers between turns. All of it can be lost: the next turn learns again
 * from the runtime and from the API. Used by the worker's thread only, apart from {@link #probes}.
 */
public final class PodMemory {
  /** By container name. */
  public final Map<String, Waiting> waiting = new HashMap<>();

  /** By container id. */
  public final Map<String, ContainerProbes> probes = new ConcurrentHashMap<>();

  /** Termination messages by container id. */
  public final Map<String, String> messages = new HashMap<>();

  /** Containers whose start was told, by id; their hooks have run. */
  public final Set<String> hooked = new HashSet<>();

  public final CrashBackoff backoff = new CrashBackoff();
  public final Instant begun;
  public @Nullable Verdict verdict;
  public boolean admitted;
  public boolean ended;

  /** The resources that the node granted, by container name. */
  public final Map<String, Tree> granted = new HashMap<>();

  /** The resources that containers run with, by id. */
  public final Map<String, Tree> given = new HashMap<>();

  /** Why a resize was not granted, or null. */
  public @Nullable Verdict resizePending;

  /** Whether the pod's bounds were widened and not narrowed since. */
  public boolean loosened;

  /** Why a granted resize has not come about, by container name; the pod's own is empty. */
  public final Map<String, String> resizeErrors = new TreeMap<>();

  /** The end of the pod where it is under way, with the grace that it was given last. */
  public @Nullable PodEnding ending;

  public Duration endingGrace = Duration.ZERO;
  public List<String> addresses = new ArrayList<>();
  public @Nullable String addressesOf;
  public @Nullable Tree status;
  private final Map<String, ContainerState> endedContainers = new HashMap<>();
  private final Map<String, SandboxState> sandboxes = new HashMap<>();

  public PodMemory(Instant begun) {
    this.begun = begun;
  }

  /** The state of a container that ended, which never changes again, or null. */
  @Nullable ContainerState known(String id) {
    return endedContainers.get(id);
  }

  void remember(ContainerState state) {
    endedContainers.put(state.id(), state);
  }

  /** A ready sandbox with its addresses, or null where it was not asked for yet. */
  public @Nullable SandboxState sandbox(String id) {
    return sandboxes.get(id);
  }

  public void remember(SandboxState state) {
    sandboxes.put(state.id(), state);
  }

  /** Ends every thread that works for the pod. */
  public void close() {
    PodEnding under = ending;
    if (under != null) {
      under.close();
    }
    closeProbes();
  }

  public void closeProbes() {
    probes.values().forEach(ContainerProbes::close);
    probes.clear();
  }
}
