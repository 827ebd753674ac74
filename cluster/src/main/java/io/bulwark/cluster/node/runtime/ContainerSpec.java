package io.bulwark.cluster.node.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container to create in a sandbox.
 *
 * @param attempt how often it was started before
 * @param imageId the image in the runtime's store
 * @param imageName the image as the pod names it
 * @param logPath below the sandbox's log directory
 */
public record ContainerSpec(
    String name,
    int attempt,
    String imageId,
    String imageName,
    List<String> command,
    List<String> arguments,
    String workingDirectory,
    List<Variable> environment,
    List<MountPoint> mounts,
    List<DeviceNode> devices,
    Map<String, String> labels,
    Map<String, String> annotations,
    String logPath,
    boolean stdin,
    boolean stdinOnce,
    boolean tty,
    Limits limits,
    Confinement confinement) {
  public ContainerSpec {
    command = List.copyOf(command);
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The same container in the process namespace of another one. */
  public ContainerSpec targeting(String container) {
    return new ContainerSpec(
        name,
        attempt,
        imageId,
        imageName,
        command,
        arguments,
        workingDirectory,
        environment,
        mounts,
        devices,
        labels,
        annotations,
        logPath,
        stdin,
        stdinOnce,
        tty,
        limits,
        confinement.targeting(container));
  }

  public record Variable(String name, String value) {}

  /** How mounts made below a mount travel between node and container. */
  public enum Propagation {
    NONE,
    HOST_TO_CONTAINER,
    BIDIRECTIONAL
  }

  public record MountPoint(
      String containerPath, Path hostPath, boolean readOnly, Propagation propagation) {}

  public record DeviceNode(String containerPath, String hostPath, String permissions) {}

  /**
   * What a container's processes may do.
   *
   * @param runAsUser null for the image's own
   * @param runAsUserName used where runAsUser is null; empty for root
   * @param addCapabilities without the {@code CAP_} prefix
   */
  public record Confinement(
      boolean privileged,
      List<String> addCapabilities,
      List<String> dropCapabilities,
      @Nullable Long runAsUser,
      @Nullable Long runAsGroup,
      String runAsUserName,
      List<Long> supplementalGroups,
      boolean readOnlyRoot,
      boolean noNewPrivileges,
      List<String> maskedPaths,
      List<String> readOnlyPaths,
      Seccomp seccomp,
      Namespaces namespaces) {
    public Confinement {
      addCapabilities = List.copyOf(addCapabilities);
      dropCapabilities = List.copyOf(dropCapabilities);
      supplementalGroups = List.copyOf(supplementalGroups);
      maskedPaths = List.copyOf(maskedPaths);
      readOnlyPaths = List.copyOf(readOnlyPaths);
    }

    Confinement targeting(String container) {
      return new Confinement(
          privileged,
          addCapabilities,
          dropCapabilities,
          runAsUser,
          runAsGroup,
          runAsUserName,
          supplementalGroups,
          readOnlyRoot,
          noNewPrivileges,
          maskedPaths,
          readOnlyPaths,
          seccomp,
          namespaces.targeting(container));
    }
  }
}
