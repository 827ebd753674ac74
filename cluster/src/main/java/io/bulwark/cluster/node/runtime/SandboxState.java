package io.bulwark.cluster.node.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A sandbox that the runtime knows.
 *
 * @param addresses the pod's, first the primary one; empty in lists and with the node's network
 */
public record SandboxState(
    String id,
    String namespace,
    String name,
    String uid,
    int attempt,
    boolean ready,
    Instant created,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> addresses) {
  public SandboxState {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    addresses = List.copyOf(addresses);
  }
}
