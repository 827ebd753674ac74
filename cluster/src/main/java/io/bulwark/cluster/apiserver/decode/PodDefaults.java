package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Defaults of pods and of pod templates. */
final class PodDefaults {
  private static final List<String> CONTAINER_LISTS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private PodDefaults() {}

  static void pod(Tree pod) {
    Tree spec = pod.child("spec");
    spec(spec);
    Absent.put(spec, "enableServiceLinks", true);
    for (String list : List.of("initContainers", "containers")) {
      for (Tree container : spec.trees(list)) {
        requestLimits(container);
        if (spec.flag("hostNetwork")) {
          for (Tree port : container.trees("ports")) {
            Absent.number(port, "hostPort", port.number(0, "containerPort"));
          }
        }
      }
    }
  }

  static void template(Tree template) {
    spec(template.child("spec"));
  }

  private static void spec(Tree spec) {
    Absent.text(spec, "dnsPolicy", "ClusterFirst");
    Absent.text(spec, "restartPolicy", "Always");
    Absent.text(spec, "schedulerName", "default-scheduler");
    Absent.put(spec, "securityContext", new Tree());
    Absent.put(spec, "terminationGracePeriodSeconds", 30);
    String account = spec.textOrEmpty("serviceAccountName");
    if (account.isEmpty()) {
      account = spec.textOrEmpty("serviceAccount");
    }
    if (!account.isEmpty()) {
      spec.put("serviceAccountName", account);
      spec.put("serviceAccount", account);
    }
    for (String list : CONTAINER_LISTS) {
      spec.trees(list).forEach(PodDefaults::container);
    }
    spec.trees("volumes").forEach(VolumeDefaults::volume);
  }

  private static void container(Tree container) {
    Absent.text(container, "terminationMessagePath", "/dev/termination-log");
    Absent.text(container, "terminationMessagePolicy", "File");
    Absent.text(
        container,
        "imagePullPolicy",
        latest(container.textOrEmpty("image")) ? "Always" : "IfNotPresent");
    Absent.put(container, "resources", new Tree());
    container.trees("ports").forEach(port -> Absent.text(port, "protocol", "TCP"));
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      probe(container.tree(probe));
    }
    for (String hook : List.of("postStart", "preStop")) {
      httpGet(container.treeOrEmpty("lifecycle", hook));
    }
    for (Tree variable : container.trees("env")) {
      VolumeDefaults.references(variable.treeOrEmpty("valueFrom"));
    }
  }

  private static void probe(@org.jspecify.annotations.Nullable Tree probe) {
    if (probe == null) {
      return;
    }
    Absent.number(probe, "timeoutSeconds", 1);
    Absent.number(probe, "periodSeconds", 10);
    Absent.number(probe, "successThreshold", 1);
    Absent.number(probe, "failureThreshold", 3);
    httpGet(probe);
    Tree grpc = probe.tree("grpc");
    if (grpc != null) {
      Absent.put(grpc, "service", "");
    }
  }

  private static void httpGet(Tree handler) {
    Tree get = handler.tree("httpGet");
    if (get != null) {
      Absent.text(get, "path", "/");
      Absent.text(get, "scheme", "HTTP");
    }
  }

  private static void requestLimits(Tree container) {
    Tree limits = container.treeOrEmpty("resources", "limits");
    for (int i = 0; i < limits.size(); i++) {
      Object limit = limits.valueAt(i);
      if (limit != null) {
        Absent.put(container.child("resources", "requests"), limits.keyAt(i), limit);
      }
    }
  }

  /** Whether an image reference has the tag latest, or neither tag nor digest. */
  static boolean latest(String image) {
    int at = image.indexOf('@');
    String named = at < 0 ? image : image.substring(0, at);
    int colon = named.lastIndexOf(':');
    if (colon > named.lastIndexOf('/')) {
      return named.substring(colon + 1).equals("latest");
    }
    return at < 0;
  }
}
