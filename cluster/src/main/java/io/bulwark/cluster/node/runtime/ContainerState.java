package io.bulwark.cluster.node.runtime;

import java.time.Instant;
import java.util.Map;

/**
 * A container that the runtime knows. Of a list entry only identity, phase and labels are real; the
 * rest comes with {@link ContainerRuntime#container}.
 *
 * @param imageId the image in the runtime's store
 * @param imageReference the image by digest where it has one
 * @param started the epoch when it never started
 * @param finished the epoch while it runs
 */
public record ContainerState(
    String id,
    String sandboxId,
    String name,
    int attempt,
    Phase phase,
    Instant created,
    Instant started,
    Instant finished,
    int exitCode,
    String reason,
    String message,
    String imageName,
    String imageReference,
    String imageId,
    Map<String, String> labels,
    Map<String, String> annotations,
    String logPath) {
  public ContainerState {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  public enum Phase {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
  }

  public boolean running() {
    return phase == Phase.RUNNING;
  }

  public boolean exited() {
    return phase == Phase.EXITED || phase == Phase.UNKNOWN;
  }
}
