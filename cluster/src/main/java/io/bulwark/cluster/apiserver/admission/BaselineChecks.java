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
 * The controls of the baseline level.
 *
 * <p>Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */
final class BaselineChecks {
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> SELINUX_TYPES =
      Set.of("container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private BaselineChecks() {}

  static List<PodSecurityCheck> all() {
    return List.of(
        check("appArmorProfile", BaselineChecks::appArmor),
        check("capabilities_baseline", BaselineChecks::capabilities),
        check("hostNamespaces", BaselineChecks::hostNamespaces),
        check("hostPathVolumes", BaselineChecks::hostPaths),
        check("hostPorts", BaselineChecks::hostPorts),
        check("hostProbesAndHostLifecycle", BaselineChecks::hostProbes),
        check("privileged", BaselineChecks::privileged),
        check("procMount", BaselineChecks::procMount),
        check("seLinuxOptions", BaselineChecks::seLinux),
        check("seccompProfile_baseline", BaselineChecks::seccomp),
        check("sysctls", BaselineChecks::sysctls),
        check("windowsHostProcess", BaselineChecks::hostProcess));
  }

  private static PodSecurityCheck check(String id, Function<Pod, @Nullable Violation> rule) {
    return new PodSecurityCheck(id, PodSecurityLevel.BASELINE, "", rule);
  }

  private static @Nullable Violation appArmor(Pod pod) {
    TreeSet<String> values = sorted();
    List<String> setters = new ArrayList<>();
    boolean byPod = unconfined(pod.context(), values);
    List<String> bad =
        pod.containersWhere(c -> unconfined(c.treeOrEmpty("securityContext"), values));
    if (byPod || !bad.isEmpty()) {
      setters.add(setters(byPod, bad));
    }
    Tree annotations = pod.metadata().treeOrEmpty("annotations");
    for (String key : annotations.keySet()) {
      String value = annotations.textOrEmpty(key);
      boolean allowed =
          value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
      if (key.startsWith(APP_ARMOR) && !allowed) {
        setters.add("annotation \"" + key + "\"");
        values.add(value);
      }
    }
    return setters.isEmpty()
        ? null
        : new Violation(
            counted(values, "forbidden AppArmor profile", "forbidden AppArmor profiles"),
            String.join(" and ", setters)
                + " must not set AppArmor profile type to "
                + quoted(values));
  }

  private static boolean noted(Set<String> values, String value) {
    values.add(value);
    return true;
  }

  private static boolean unconfined(Tree context, Set<String> values) {
    String type = context.textOrEmpty("appArmorProfile", "type");
    boolean bad = !type.isEmpty() && !type.equals("RuntimeDefault") && !type.equals("Localhost");
    return bad && noted(values, type);
  }

  private static @Nullable Violation capabilities(Pod pod) {
    TreeSet<String> added = sorted();
    List<String> bad =
        pod.containersWhere(
            container -> {
              List<String> more =
                  container.texts("securityContext", "capabilities", "add").stream()
                      .filter(capability -> !CAPABILITIES.contains(capability))
                      .toList();
              added.addAll(more);
              return !more.isEmpty();
            });
    return bad.isEmpty()
        ? null
        : new Violation(
            "non-default capabilities",
            containers(bad)
                + " must not include "
                + quoted(added)
                + " in securityContext.capabilities.add");
  }

  private static @Nullable Violation hostNamespaces(Pod pod) {
    List<String> set =
        List.of("hostNetwork", "hostPID", "hostIPC").stream()
            .filter(field -> pod.spec().flag(field))
            .map(field -> field + "=true")
            .toList();
    return set.isEmpty() ? null : new Violation("host namespaces", String.join(", ", set));
  }

  private static @Nullable Violation hostPaths(Pod pod) {
    List<String> volumes =
        pod.spec().trees("volumes").stream()
            .filter(volume -> volume.has("hostPath"))
            .map(volume -> volume.textOrEmpty("name"))
            .toList();
    return volumes.isEmpty()
        ? null
        : new Violation(
            "hostPath volumes", counted(volumes, "volume", "volumes") + " " + quoted(volumes));
  }

  private static @Nullable Violation hostPorts(Pod pod) {
    TreeSet<String> ports = sorted();
    List<String> bad =
        pod.containersWhere(
            container -> {
              boolean any = false;
              for (Tree port : container.trees("ports")) {
                if (port.number(0, "hostPort") != 0) {
                  ports.add(Long.toString(port.number(0, "hostPort")));
                  any = true;
                }
              }
              return any;
            });
    return bad.isEmpty()
        ? null
        : new Violation(
            "hostPort",
            containers(bad)
                + counted(bad, " uses ", " use ")
                + counted(ports, "hostPort", "hostPorts")
                + " "
                + String.join(", ", ports));
  }

  private static @Nullable Violation hostProbes(Pod pod) {
    if (pod.minor() < 34) {
      return null;
    }
    TreeSet<String> hosts = sorted();
    TreeSet<String> bad = new TreeSet<>(pod.containersWhere(c -> namesHost(c, hosts)));
    return bad.isEmpty()
        ? null
        : new Violation(
            "probe or lifecycle host",
            containers(bad)
                + counted(bad, " uses ", " use ")
                + counted(hosts, "probe or lifecycle host", "probe or lifecycle hosts")
                + " "
                + quoted(hosts));
  }

  private static boolean namesHost(Tree container, Set<String> hosts) {
    boolean any = false;
    for (Tree handler :
        List.of(
            container.treeOrEmpty("livenessProbe"),
            container.treeOrEmpty("readinessProbe"),
            container.treeOrEmpty("startupProbe"),
            container.treeOrEmpty("lifecycle", "postStart"),
            container.treeOrEmpty("lifecycle", "preStop"))) {
      for (String kind : List.of("httpGet", "tcpSocket")) {
        String host = handler.textOrEmpty(kind, "host");
        if (!host.isEmpty()) {
          hosts.add(host);
          any = true;
        }
      }
    }
    return any;
  }

  private static @Nullable Violation privileged(Pod pod) {
    List<String> bad = pod.containersWhere(c -> c.flag("securityContext", "privileged"));
    return bad.isEmpty()
        ? null
        : new Violation(
            "privileged", containers(bad) + " must not set securityContext.privileged=true");
  }

  private static @Nullable Violation procMount(Pod pod) {
    if (pod.ownUsers()) {
      return null;
    }
    TreeSet<String> values = sorted();
    List<String> bad =
        pod.containersWhere(
            container -> {
              String value = container.textOrEmpty("securityContext", "procMount");
              boolean other = !value.isEmpty() && !value.equals("Default");
              return other && noted(values, value);
            });
    return bad.isEmpty()
        ? null
        : new Violation(
            "procMount",
            containers(bad) + " must not set securityContext.procMount to " + quoted(values));
  }

  private static @Nullable Violation seLinux(Pod pod) {
    TreeSet<String> types = sorted();
    TreeSet<String> rest = sorted();
    boolean byPod = seLinux(pod.context(), types, rest);
    List<String> bad =
        pod.containersWhere(c -> seLinux(c.treeOrEmpty("securityContext"), types, rest));
    if (!byPod && bad.isEmpty()) {
      return null;
    }
    List<String> wrong = new ArrayList<>();
    if (!types.isEmpty()) {
      wrong.add(counted(types, "type", "types") + " " + quoted(types));
    }
    wrong.addAll(rest.descendingSet());
    return new Violation(
        "seLinuxOptions",
        setters(byPod, bad)
            + " set forbidden securityContext.seLinuxOptions: "
            + String.join("; ", wrong));
  }

  private static boolean seLinux(Tree context, Set<String> types, Set<String> rest) {
    Tree options = context.treeOrEmpty("seLinuxOptions");
    String type = options.textOrEmpty("type");
    boolean bad = !type.isEmpty() && !SELINUX_TYPES.contains(type);
    if (bad) {
      types.add(type);
    }
    for (String field : List.of("user", "role")) {
      if (!options.textOrEmpty(field).isEmpty()) {
        rest.add(field + " may not be set");
        bad = true;
      }
    }
    return bad;
  }

  private static @Nullable Violation seccomp(Pod pod) {
    TreeSet<String> values = sorted();
    boolean byPod = badSeccomp(pod.context(), values);
    List<String> bad =
        pod.containersWhere(c -> badSeccomp(c.treeOrEmpty("securityContext"), values));
    return !byPod && bad.isEmpty()
        ? null
        : new Violation(
            "seccompProfile",
            setters(byPod, bad)
                + " must not set securityContext.seccompProfile.type to "
                + quoted(values));
  }

  static boolean badSeccomp(Tree context, Set<String> values) {
    String type = context.textOrEmpty("seccompProfile", "type");
    boolean bad = !type.isEmpty() && !type.equals("RuntimeDefault") && !type.equals("Localhost");
    return bad && noted(values, type);
  }

  private static @Nullable Violation sysctls(Pod pod) {
    List<String> bad =
        pod.context().trees("sysctls").stream()
            .map(sysctl -> sysctl.textOrEmpty("name"))
            .filter(name -> !allowedSysctl(name, pod.minor()))
            .toList();
    return bad.isEmpty() ? null : new Violation("forbidden sysctls", String.join(", ", bad));
  }

  private static boolean allowedSysctl(String sysctl, int minor) {
    return switch (sysctl) {
      case "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_syncookies" ->
          true;
      case "net.ipv4.ip_local_reserved_ports" -> minor >= 27;
      case "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time" ->
          minor >= 29;
      case "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem" -> minor >= 32;
      default -> false;
    };
  }

  private static @Nullable Violation hostProcess(Pod pod) {
    boolean byPod = pod.context().flag("windowsOptions", "hostProcess");
    List<String> bad =
        pod.containersWhere(c -> c.flag("securityContext", "windowsOptions", "hostProcess"));
    return !byPod && bad.isEmpty()
        ? null
        : new Violation(
            "hostProcess",
            setters(byPod, bad) + " must not set securityContext.windowsOptions.hostProcess=true");
  }
}
