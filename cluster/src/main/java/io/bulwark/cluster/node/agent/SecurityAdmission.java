package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses pods whose security settings this node cannot keep, or must not grant. To run them
 * without would give less protection than was asked for.
 *
 * <p>Source: kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster and
 * docs/tasks/configure-pod-container/security-context.
 */
final class SecurityAdmission {
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  /** Safe kernel settings, each with the namespace that holds it. */
  private static final Map<String, String> SAFE =
      Map.ofEntries(
          Map.entry("kernel.shm_rmid_forced", "ipc"),
          Map.entry("net.ipv4.ip_local_port_range", "net"),
          Map.entry("net.ipv4.ip_local_reserved_ports", "net"),
          Map.entry("net.ipv4.ip_unprivileged_port_start", "net"),
          Map.entry("net.ipv4.ping_group_range", "net"),
          Map.entry("net.ipv4.tcp_fin_timeout", "net"),
          Map.entry("net.ipv4.tcp_keepalive_intvl", "net"),
          Map.entry("net.ipv4.tcp_keepalive_probes", "net"),
          Map.entry("net.ipv4.tcp_keepalive_time", "net"),
          Map.entry("net.ipv4.tcp_rmem", "net"),
          Map.entry("net.ipv4.tcp_syncookies", "net"),
          Map.entry("net.ipv4.tcp_wmem", "net"));

  private SecurityAdmission() {}

  /**
   * @param appArmor whether the kernel enforces AppArmor profiles
   * @return why the pod is refused, or null
   */
  static @Nullable Verdict check(Tree pod, boolean appArmor) {
    Tree security = pod.treeOrEmpty("spec", "securityContext");
    for (Tree sysctl : security.trees("sysctls")) {
      String problem = problem(pod, sysctl.textOrEmpty("name").replace('/', '.'));
      if (problem != null) {
        return new Verdict("SysctlForbidden", "forbidden sysctl: " + problem);
      }
    }
    if (security.textOrEmpty("supplementalGroupsPolicy").equals("Strict")) {
      return new Verdict(
          "SupplementalGroupsPolicyNotSupported",
          "SupplementalGroupsPolicy=Strict is not supported in this node");
    }
    return !appArmor && asksForAppArmor(pod)
        ? new Verdict("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host")
        : null;
  }

  private static @Nullable String problem(Tree pod, String sysctl) {
    String namespace = SAFE.get(sysctl);
    if (namespace == null) {
      return "\"" + sysctl + "\" not allowlisted";
    }
    boolean ofHost =
        namespace.equals("net") ? PodSpec.hostNetwork(pod) : pod.flag("spec", "hostIPC");
    return ofHost ? "\"" + sysctl + "\" not allowed with host " + namespace + " enabled" : null;
  }

  private static boolean asksForAppArmor(Tree pod) {
    Stream<Tree> contexts =
        Stream.concat(
            Stream.of(pod.treeOrEmpty("spec", "securityContext")),
            PodSpec.allContainers(pod).stream().map(each -> each.treeOrEmpty("securityContext")));
    return contexts
            .map(context -> context.textOrEmpty("appArmorProfile", "type"))
            .anyMatch(type -> !List.of("", "Unconfined").contains(type))
        || Meta.annotations(pod).entrySet().stream()
            .anyMatch(
                each ->
                    each.getKey().startsWith(APP_ARMOR)
                        && !List.of("", "unconfined").contains(each.getValue()));
  }
}
