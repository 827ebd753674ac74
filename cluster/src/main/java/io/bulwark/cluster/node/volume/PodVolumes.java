package io.bulwark.cluster.node.volume;

import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The volumes of pods below the node's directory:
 *
 * <pre>
 * UID/volumes/kubernetes.io~KIND/NAME   one directory for each volume
 * UID/volume-subpaths/...               bind mounts of parts of them
 * </pre>
 *
 * <p>One thread at a time may work on one pod. Setting up is repeatable and brings files up to
 * date.
 */
public final class PodVolumes {
  private final Path pods;
  private final VolumeObjects objects;

  public PodVolumes(Path pods, VolumeObjects objects) {
    this.pods = pods;
    this.objects = objects;
  }

  /** The directory of one pod. */
  public Path directory(String uid) {
    return pods.resolve(uid);
  }

  /** Where an emptyDir volume of a pod is, if it is there. */
  public Path emptyDirectory(String uid, String name) {
    return emptyDirectory(directory(uid).resolve("volumes"), name);
  }

  private static Path emptyDirectory(Path volumes, String name) {
    return volumes.resolve("kubernetes.io~empty-dir").resolve(name);
  }

  /**
   * Sets up every volume that a container of the pod mounts, or brings it up to date. As upstream,
   * a volume that nobody mounts keeps no pod from running.
   *
   * @return the node's path of each volume by name
   * @throws VolumeFailure if one cannot be set up now; its message begins with the volume's name
   */
  public Map<String, Path> mount(Tree pod, String uid, Ownership ownership) throws VolumeFailure {
    Map<String, Path> paths = new HashMap<>();
    ProjectedFiles files = new ProjectedFiles(objects, pod, ownership);
    Set<String> mounted = mounted(pod);
    for (Tree volume : pod.trees("spec", "volumes")) {
      String name = volume.textOrEmpty("name");
      if (!mounted.contains(name)) {
        continue;
      }
      try {
        paths.put(name, mount(volume, directory(uid).resolve("volumes"), files, ownership));
      } catch (VolumeFailure failed) {
        throw new VolumeFailure(
            "MountVolume.SetUp failed for volume \"" + name + "\" : " + failed.getMessage(),
            failed);
      } catch (IOException failed) {
        throw new VolumeFailure(
            "MountVolume.SetUp failed for volume \"" + name + "\" : " + failed, failed);
      }
    }
    return paths;
  }

  private static Set<String> mounted(Tree pod) {
    Set<String> names = new HashSet<>();
    List<Tree> containers = new ArrayList<>(PodSpec.allContainers(pod));
    containers.addAll(PodSpec.ephemeralContainers(pod));
    for (Tree container : containers) {
      for (String list : List.of("volumeMounts", "volumeDevices")) {
        container.trees(list).forEach(mount -> names.add(mount.textOrEmpty("name")));
      }
    }
    return names;
  }

  private static Path mount(Tree volume, Path volumes, ProjectedFiles files, Ownership ownership)
      throws VolumeFailure, IOException {
    String name = volume.textOrEmpty("name");
    if (volume.tree("hostPath") instanceof Tree source) {
      return HostPath.check(source);
    }
    if (volume.tree("emptyDir") instanceof Tree source) {
      return emptyDirectory(emptyDirectory(volumes, name), source, ownership);
    }
    Ownership groupOnly = new Ownership(ownership.group(), null);
    if (volume.tree("configMap") instanceof Tree source) {
      Path path = directory(volumes.resolve("kubernetes.io~configmap").resolve(name), false);
      new AtomicDirectory(path, groupOnly).write(files.configMap(source));
      return path;
    }
    if (volume.tree("secret") instanceof Tree source) {
      Map<String, VolumeFile> content = files.secret(source);
      Path path = directory(volumes.resolve("kubernetes.io~secret").resolve(name), true);
      new AtomicDirectory(path, groupOnly).write(content);
      return path;
    }
    if (volume.tree("downwardAPI") instanceof Tree source) {
      Path path = directory(volumes.resolve("kubernetes.io~downward-api").resolve(name), true);
      new AtomicDirectory(path, groupOnly).write(files.downward(source));
      return path;
    }
    if (volume.tree("projected") instanceof Tree source) {
      Map<String, VolumeFile> content = files.projected(source);
      Path path = directory(volumes.resolve("kubernetes.io~projected").resolve(name), true);
      new AtomicDirectory(path, ownership).write(content);
      return path;
    }
    throw new VolumeFailure("no volume plugin matched");
  }

  private static Path emptyDirectory(Path path, Tree source, Ownership ownership)
      throws IOException {
    boolean made = !Files.exists(path);
    Files.createDirectories(path);
    boolean memory = source.textOrEmpty("medium").equals("Memory");
    if (memory && !Mounts.mounted(path)) {
      Object limit = source.get("sizeLimit");
      Mounts.tmpfs(path, limit == null ? 0 : Quantity.of(limit).value(), "0777");
      made = true;
    }
    if (made) {
      Modes.set(path, 0777);
      new Ownership(ownership.group(), null).applyBelow(path);
    }
    return path;
  }

  private static Path directory(Path path, boolean memory) throws IOException {
    Files.createDirectories(path);
    if (memory && !Mounts.mounted(path)) {
      Mounts.tmpfs(path, 0, "0755");
    }
    return path;
  }

  /**
   * The node's path of a part of a volume, bound so that no link inside the volume can lead out.
   *
   * @param owner names the container and the mount, unique in the pod
   */
  public Path part(String uid, Path volume, String subPath, String owner, boolean readOnly)
      throws VolumeFailure {
    return SubPath.bind(
        volume, subPath, directory(uid).resolve("volume-subpaths").resolve(owner), readOnly);
  }

  /** Unmounts and deletes everything of a pod. Repeatable. */
  public void remove(String uid) throws IOException {
    removeDirectory(directory(uid));
  }

  /** Unmounts and deletes what is in a pod's directory. Repeatable. */
  public static void removeDirectory(Path directory) throws IOException {
    if (Files.exists(directory)) {
      Mounts.unmountBelow(directory);
      AtomicDirectory.delete(directory);
    }
  }
}
