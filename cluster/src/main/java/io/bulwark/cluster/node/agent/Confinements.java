package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerSpec.Confinement;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.Namespaces;
import io.bulwark.cluster.node.runtime.Seccomp;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What security contexts allow. A container's own settings go before its pod's. Unlike upstream's,
 * a pod that asks for nothing gets the runtime's system call filter.
 */
public final class Confinements {
  private static final List<String> MASKED =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final Path seccompProfiles;

  /**
   * @param seccompProfiles where Localhost profiles are found
   */
  public Confinements(Path seccompProfiles) {
    this.seccompProfiles = seccompProfiles;
  }

  /**
   * @throws ConfigurationFailure if the pod must not run as root and would
   */
  public Confinement of(Tree pod, Tree container, ImageState image) throws ConfigurationFailure {
    Tree whole = pod.treeOrEmpty("spec", "securityContext");
    Tree own = container.treeOrEmpty("securityContext");
    Long user = number(own, whole, "runAsUser");
    Long imageUser = image.userId();
    Long effective = user != null ? user : image.userName().isEmpty() ? imageUser : null;
    checkNonRoot(pod, container, own, whole, user, image);
    boolean privileged = own.flag("privileged");
    TreeSet<Long> groups = new TreeSet<>();
    whole.list("supplementalGroups").forEach(group -> groups.add((Long) group));
    if (whole.get("fsGroup") instanceof Long group) {
      groups.add(group);
    }
    boolean unmasked = own.textOrEmpty("procMount").equals("Unmasked");
    return new Confinement(
        privileged,
        own.texts("capabilities", "add"),
        own.texts("capabilities", "drop"),
        effective,
        number(own, whole, "runAsGroup"),
        effective == null ? image.userName() : "",
        List.copyOf(groups),
        own.flag("readOnlyRootFilesystem"),
        Boolean.FALSE.equals(own.get("allowPrivilegeEscalation")),
        unmasked ? List.of() : MASKED,
        unmasked ? List.of() : READ_ONLY,
        privileged ? new Seccomp.Unconfined() : seccomp(own, whole),
        namespaces(pod));
  }

  private static void checkNonRoot(
      Tree pod, Tree container, Tree own, Tree whole, @Nullable Long user, ImageState image)
      throws ConfigurationFailure {
    Object wish = own.get("runAsNonRoot");
    if (!Boolean.TRUE.equals(wish == null ? whole.get("runAsNonRoot") : wish)) {
      return;
    }
    String where =
        " (pod: \"%s\", container: %s)"
            .formatted(PodSpec.described(pod), container.textOrEmpty("name"));
    if (user != null) {
      if (user == 0) {
        throw new ConfigurationFailure("container's runAsUser breaks non-root policy" + where);
      }
      return;
    }
    if (!image.userName().isEmpty()) {
      throw new ConfigurationFailure(
          "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is"
                  .formatted(image.userName())
              + " non-root"
              + where);
    }
    Long imageUser = image.userId();
    if (imageUser == null || imageUser == 0) {
      throw new ConfigurationFailure(
          "container has runAsNonRoot and image will run as root" + where);
    }
  }

  /** The system call filter of a container, or of a whole pod where both trees are the pod's. */
  public Seccomp seccomp(Tree own, Tree whole) {
    Tree profile = own.tree("seccompProfile");
    if (profile == null) {
      profile = whole.treeOrEmpty("seccompProfile");
    }
    return switch (profile.textOrEmpty("type")) {
      case "Unconfined" -> new Seccomp.Unconfined();
      case "Localhost" ->
          new Seccomp.Localhost(
              seccompProfiles.resolve(profile.textOrEmpty("localhostProfile")).toString());
      default -> new Seccomp.RuntimeDefault();
    };
  }

  public static Namespaces namespaces(Tree pod) {
    return new Namespaces(
        PodSpec.hostNetwork(pod),
        pod.flag("spec", "hostPID"),
        pod.flag("spec", "hostIPC"),
        pod.flag("spec", "shareProcessNamespace"),
        "");
  }

  static @Nullable Long number(Tree own, Tree whole, String field) {
    return own.get(field) instanceof Long number
        ? number
        : whole.get(field) instanceof Long number ? number : null;
  }
}
