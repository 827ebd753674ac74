package io.bulwark.cluster.apiserver.admission;

import static io.bulwark.cluster.apiserver.admission.PodSecurityCheck.containers;
import static io.bulwark.cluster.apiserver.admission.PodSecurityCheck.counted;
import static io.bulwark.cluster.apiserver.admission.PodSecurityCheck.quoted;
import static io.bulwark.cluster.apiserver.admission.PodSecurityCheck.setters;
import static io.bulwark.cluster.apiserver.admission.PodSecurityCheck.sorted;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.PodSecurityCheck.Pod;
import io.bulwark.cluster.apiserver.admission.PodSecurityCheck.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The controls that the restricted level adds to the baseline, or puts in the place of its own.
 *
 * <p>Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */
final class RestrictedChecks {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private RestrictedChecks() {}

  static List<PodSecurityCheck> all() {
    return List.of(
        check("allowPrivilegeEscalation", "", RestrictedChecks::escalation),
        check("capabilities_restricted", "capabilities_baseline", RestrictedChecks::capabilities),
        check("restrictedVolumes", "hostPathVolumes", RestrictedChecks::volumes),
        check("runAsNonRoot", "", RestrictedChecks::nonRoot),
        check("runAsUser", "", RestrictedChecks::user),
        check("seccompProfile_restricted", "seccompProfile_baseline", RestrictedChecks::seccomp));
  }

  private static PodSecurityCheck check(
      String id, String replaces, Function<Pod, @Nullable Violation> rule) {
    return new PodSecurityCheck(id, PodSecurityLevel.RESTRICTED, replaces, rule);
  }

  private static @Nullable Violation escalation(Pod pod) {
    if (pod.windows()) {
      return null;
    }
    List<String> bad =
        pod.containersWhere(
            c -> !Boolean.FALSE.equals(c.at("securityContext", "allowPrivilegeEscalation")));
    return bad.isEmpty()
        ? null
        : new Violation(
            "allowPrivilegeEscalation != false",
            containers(bad) + " must set securityContext.allowPrivilegeEscalation=false");
  }

  private static @Nullable Violation capabilities(Pod pod) {
    if (pod.windows()) {
      return null;
    }
    List<String> keeping =
        pod.containersWhere(
            c -> !c.texts("securityContext", "capabilities", "drop").contains("ALL"));
    TreeSet<String> added = sorted();
    List<String> adding =
        pod.containersWhere(
            container -> {
              List<String> more =
                  container.texts("securityContext", "capabilities", "add").stream()
                      .filter(capability -> !capability.equals("NET_BIND_SERVICE"))
                      .toList();
              added.addAll(more);
              return !more.isEmpty();
            });
    List<String> wrong = new ArrayList<>();
    if (!keeping.isEmpty()) {
      wrong.add(containers(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    if (!adding.isEmpty()) {
      wrong.add(
          containers(adding)
              + " must not include "
              + quoted(added)
              + " in securityContext.capabilities.add");
    }
    return wrong.isEmpty()
        ? null
        : new Violation("unrestricted capabilities", String.join("; ", wrong));
  }

  private static @Nullable Violation volumes(Pod pod) {
    TreeSet<String> types = sorted();
    List<String> bad = new ArrayList<>();
    for (Tree volume : pod.spec().trees("volumes")) {
      List<String> used =
          volume.keySet().stream()
              .filter(key -> !key.equals("name") && !VOLUMES.contains(key))
              .toList();
      if (!used.isEmpty()) {
        types.addAll(used);
        bad.add(volume.textOrEmpty("name"));
      }
    }
    return bad.isEmpty()
        ? null
        : new Violation(
            "restricted volume types",
            counted(bad, "volume", "volumes")
                + " "
                + quoted(bad)
                + counted(bad, " uses ", " use ")
                + counted(types, "restricted volume type", "restricted volume types")
                + " "
                + quoted(types));
  }

  private static @Nullable Violation nonRoot(Pod pod) {
    if (pod.ownUsers()) {
      return null;
    }
    Object byPod = pod.context().get("runAsNonRoot");
    List<String> denying =
        pod.containersWhere(c -> Boolean.FALSE.equals(c.at("securityContext", "runAsNonRoot")));
    String reason = "runAsNonRoot != true";
    if (Boolean.FALSE.equals(byPod) || !denying.isEmpty()) {
      return new Violation(
          reason,
          setters(Boolean.FALSE.equals(byPod), denying)
              + " must not set securityContext.runAsNonRoot=false");
    }
    List<String> silent = pod.containersWhere(c -> c.at("securityContext", "runAsNonRoot") == null);
    return Boolean.TRUE.equals(byPod) || silent.isEmpty()
        ? null
        : new Violation(
            reason, "pod or " + containers(silent) + " must set securityContext.runAsNonRoot=true");
  }

  private static @Nullable Violation user(Pod pod) {
    if (pod.minor() < 23 || pod.ownUsers()) {
      return null;
    }
    boolean byPod = pod.context().number(-1, "runAsUser") == 0;
    List<String> bad = pod.containersWhere(c -> c.number(-1, "securityContext", "runAsUser") == 0);
    return !byPod && bad.isEmpty()
        ? null
        : new Violation("runAsUser=0", setters(byPod, bad) + " must not set runAsUser=0");
  }

  private static @Nullable Violation seccomp(Pod pod) {
    if (pod.windows()) {
      return null;
    }
    TreeSet<String> values = sorted();
    boolean badPod = BaselineChecks.badSeccomp(pod.context(), values);
    List<String> bad =
        pod.containersWhere(
            c -> BaselineChecks.badSeccomp(c.treeOrEmpty("securityContext"), values));
    if (badPod || !bad.isEmpty()) {
      return new Violation(
          "seccompProfile",
          setters(badPod, bad)
              + " must not set securityContext.seccompProfile.type to "
              + quoted(values));
    }
    boolean byPod = pod.context().has("seccompProfile", "type");
    List<String> silent =
        pod.containersWhere(c -> c.at("securityContext", "seccompProfile", "type") == null);
    return byPod || silent.isEmpty()
        ? null
        : new Violation(
            "seccompProfile",
            "pod or "
                + containers(silent)
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                + " \"Localhost\"");
  }
}
