package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.Expansion;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerSpec;
import io.bulwark.cluster.node.runtime.ContainerSpec.MountPoint;
import io.bulwark.cluster.node.runtime.ContainerSpec.Propagation;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.volume.PodVolumes;
import io.bulwark.cluster.node.volume.VolumeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Containers of pods to containers of the runtime. */
public final class ContainerSpecs {
  static final String HASH = "io.kubernetes.container.hash";
  private static final String RESTARTS = "io.kubernetes.container.restartCount";
  private static final String MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
  private static final String DEFAULT_MESSAGE_PATH = "/dev/termination-log";

  private final Environment environment;
  private final Confinements confinements;
  private final PodVolumes volumes;
  private final long nodeMemory;

  public ContainerSpecs(
      Environment environment, Confinements confinements, PodVolumes volumes, long nodeMemory) {
    this.environment = environment;
    this.confinements = confinements;
    this.volumes = volumes;
    this.nodeMemory = nodeMemory;
  }

  /**
   * @param hosts the pod's hosts file, or null
   * @throws ConfigurationFailure if the specification cannot be met now
   */
  public ContainerSpec of(
      Tree pod,
      Tree container,
      int attempt,
      ImageState image,
      Map<String, Path> paths,
      @Nullable Path hosts)
      throws ConfigurationFailure {
    String name = container.textOrEmpty("name");
    Map<String, String> variables = environment.of(pod, container);
    List<MountPoint> mounts = mounts(pod, container, paths, variables);
    if (hosts != null && mounts.stream().noneMatch(m -> m.containerPath().equals("/etc/hosts"))) {
      mounts.add(new MountPoint("/etc/hosts", hosts, false, Propagation.NONE));
    }
    Path message = makeMessageFile(pod, name, attempt);
    mounts.add(new MountPoint(messagePath(container), message, false, Propagation.NONE));
    return new ContainerSpec(
        name,
        attempt,
        image.id(),
        container.textOrEmpty("image"),
        expanded(container.texts("command"), variables),
        expanded(container.texts("args"), variables),
        container.textOrEmpty("workingDir"),
        variables.entrySet().stream()
            .map(variable -> new ContainerSpec.Variable(variable.getKey(), variable.getValue()))
            .toList(),
        mounts,
        List.of(),
        labels(pod, name),
        Map.of(
            HASH, hash(container),
            RESTARTS, Integer.toString(attempt),
            MESSAGE_PATH, messagePath(container)),
        name + "/" + attempt + ".log",
        container.flag("stdin"),
        container.flag("stdinOnce"),
        container.flag("tty"),
        PodCgroup.limits(pod, container, nodeMemory),
        confinements.of(pod, container, image));
  }

  /** What must be equal for a running container to go on. */
  static String hash(Tree container) {
    return Integer.toHexString(container.textOrEmpty("image").hashCode());
  }

  private static Map<String, String> labels(Tree pod, String name) {
    Map<String, String> labels = new HashMap<>();
    labels.put(SandboxSpecs.CONTAINER_NAME, name);
    labels.put(SandboxSpecs.POD_NAME, Meta.name(pod));
    labels.put(SandboxSpecs.POD_NAMESPACE, Meta.namespace(pod));
    labels.put(SandboxSpecs.POD_UID, Meta.uid(pod));
    return labels;
  }

  private static String messagePath(Tree container) {
    String path = container.textOrEmpty("terminationMessagePath");
    return path.isEmpty() ? DEFAULT_MESSAGE_PATH : path;
  }

  /** The node's file behind a container's termination message path. */
  public Path messageFile(String uid, String container, int attempt) {
    return volumes
        .directory(uid)
        .resolve("containers")
        .resolve(container)
        .resolve(Integer.toString(attempt));
  }

  private Path makeMessageFile(Tree pod, String container, int attempt)
      throws ConfigurationFailure {
    Path file = messageFile(Meta.uid(pod), container, attempt);
    try {
      Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
      Files.write(file, new byte[0]);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      return file;
    } catch (IOException refused) {
      throw new ConfigurationFailure("termination message file: " + refused);
    }
  }

  private List<MountPoint> mounts(
      Tree pod, Tree container, Map<String, Path> paths, Map<String, String> variables)
      throws ConfigurationFailure {
    List<MountPoint> mounts = new ArrayList<>();
    int index = 0;
    for (Tree mount : container.trees("volumeMounts")) {
      Path volume = paths.get(mount.textOrEmpty("name"));
      if (volume == null) {
        throw new ConfigurationFailure(
            "cannot find volume \"%s\" to mount into container \"%s\""
                .formatted(mount.textOrEmpty("name"), container.textOrEmpty("name")));
      }
      boolean readOnly = mount.flag("readOnly");
      if (mount.textOrEmpty("recursiveReadOnly").equals("Enabled")) {
        throw new ConfigurationFailure(
            "volume \"%s\" requested recursive read-only mode, but it is not supported by the runtime"
                .formatted(mount.textOrEmpty("name")));
      }
      String part = subPath(mount, variables);
      Path source =
          part.isEmpty() ? volume : part(pod, container, mount, volume, part, index, readOnly);
      mounts.add(
          new MountPoint(mount.textOrEmpty("mountPath"), source, readOnly, propagation(mount)));
      index++;
    }
    return mounts;
  }

  private Path part(
      Tree pod, Tree container, Tree mount, Path volume, String part, int index, boolean readOnly)
      throws ConfigurationFailure {
    String owner = mount.textOrEmpty("name") + "/" + container.textOrEmpty("name") + "/" + index;
    try {
      return volumes.part(Meta.uid(pod), volume, part, owner, readOnly);
    } catch (VolumeFailure refused) {
      throw new ConfigurationFailure(
          "failed to prepare subPath for volumeMount \"%s\" of container \"%s\": %s"
              .formatted(
                  mount.textOrEmpty("name"), container.textOrEmpty("name"), refused.getMessage()));
    }
  }

  private static String subPath(Tree mount, Map<String, String> variables)
      throws ConfigurationFailure {
    String expression = mount.textOrEmpty("subPathExpr");
    if (expression.isEmpty()) {
      return mount.textOrEmpty("subPath");
    }
    List<String> missing = new ArrayList<>();
    String path =
        Expansion.expand(
            expression,
            name -> {
              String value = variables.get(name);
              if (value == null) {
                missing.add(name);
              }
              return value;
            });
    if (!missing.isEmpty()) {
      throw new ConfigurationFailure("missing value for \"" + missing.getFirst() + "\"");
    }
    if (path.startsWith("/")) {
      throw new ConfigurationFailure("subPath must be a relative path");
    }
    if (List.of(path.split("/")).contains("..")) {
      throw new ConfigurationFailure("unable to provision SubPath `" + path + "`");
    }
    return path;
  }

  private static Propagation propagation(Tree mount) {
    return switch (mount.textOrEmpty("mountPropagation")) {
      case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> Propagation.BIDIRECTIONAL;
      default -> Propagation.NONE;
    };
  }

  private static List<String> expanded(List<String> words, Map<String, String> variables) {
    return words.stream().map(word -> Expansion.expand(word, variables::get)).toList();
  }

  /** Whether a container must be made again because its specification changed. */
  public static boolean changed(Tree pod, String name, Map<String, String> annotations) {
    Tree container = PodSpec.container(pod, name);
    String known = annotations.get(HASH);
    return container != null && known != null && !known.equals(hash(container));
  }
}
