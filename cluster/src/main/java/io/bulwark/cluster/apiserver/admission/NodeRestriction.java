package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.NodeRules;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A node writes its own Node, its own Lease, and what concerns the pods on it.
 *
 * <p>Source: kubernetes.io/docs/reference/access-authn-authz/admission-controllers.
 */
final class NodeRestriction implements Plugin {
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final Set<String> NODE_LABELS =
      Set.of(
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "beta.kubernetes.io/os",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "kubernetes.io/arch",
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "node.kubernetes.io/instance-type",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");

  private final LiveObjects objects;

  NodeRestriction(LiveObjects objects) {
    this.objects = objects;
  }

  @Override
  public void validate(AdmissionRequest request) {
    String node = NodeRules.nodeOf(request.subject());
    if (node == null) {
      return;
    }
    String refusal =
        switch (request.kind().resource().groupResource().toString()) {
          case "pods" -> pod(request, node);
          case "nodes" -> node(request, node);
          case "serviceaccounts" -> token(request, node);
          case "leases.coordination.k8s.io" -> lease(request, node);
          case "nodeinventories.image.bulwark.io" ->
              Meta.name(request.creates() ? request.wanted() : request.stored()).equals(node)
                  ? null
                  : "can only access the node inventory of the same name as the node";
          default -> null;
        };
    if (refusal != null) {
      throw request.forbidden(refusal).rejected();
    }
  }

  private @Nullable String pod(AdmissionRequest request, String node) {
    String quoted = "node \"" + node + "\"";
    return switch (request.subresource()) {
      case "" ->
          switch (request.operation()) {
            case CREATE -> mirrorPod(request.wanted(), node);
            case DELETE ->
                onNode(request.stored(), node)
                    ? null
                    : quoted + " can only delete pods with spec.nodeName set to itself";
            case UPDATE, CONNECT ->
                "unexpected operation \""
                    + request.operation()
                    + "\", node \""
                    + node
                    + "\" can"
                    + " only create and delete mirror pods";
          };
      case "status" -> {
        if (!request.updates() || !onNode(request.stored(), node)) {
          yield quoted + " can only update pod status for pods with spec.nodeName set to itself";
        }
        yield Meta.labels(request.wanted()).equals(Meta.labels(request.stored()))
            ? null
            : quoted + " cannot update labels through pod status";
      }
      case "eviction" -> {
        Tree pod = objects.find(Resources.PODS, request.namespace(), request.name());
        yield pod == null || onNode(pod, node)
            ? null
            : quoted + " can only evict pods with spec.nodeName set to itself";
      }
      default ->
          "unexpected pod subresource \""
              + request.subresource()
              + "\", only 'status' and"
              + " 'eviction' are allowed";
    };
  }

  private static @Nullable String mirrorPod(Tree pod, String node) {
    if (Meta.annotation(pod, MIRROR) == null) {
      return "pod does not have \""
          + MIRROR
          + "\" annotation, node \""
          + node
          + "\" can only"
          + " create mirror pods";
    }
    if (!onNode(pod, node)) {
      return "node \"" + node + "\" can only create pods with spec.nodeName set to itself";
    }
    if (!pod.textOrEmpty("spec", "serviceAccountName").isEmpty()) {
      return "node \"" + node + "\" can not create pods that reference a service account";
    }
    boolean reads =
        pod.trees("spec", "volumes").stream()
            .anyMatch(
                volume ->
                    volume.has("secret")
                        || volume.has("configMap")
                        || volume.has("projected")
                        || volume.has("persistentVolumeClaim"));
    return reads
        ? "node \"" + node + "\" can not create pods that reference secrets, configmaps or claims"
        : null;
  }

  private static @Nullable String node(AdmissionRequest request, String node) {
    String name = request.name().isEmpty() ? Meta.name(request.wanted()) : request.name();
    if (!name.equals(node)) {
      return "node \"" + node + "\" is not allowed to modify node \"" + name + "\"";
    }
    if (request.creates()) {
      return labels(Map.of(), Meta.labels(request.wanted()), node);
    }
    if (!request.updates()) {
      return null;
    }
    if (!Objects.equals(
        request.wanted().list("spec", "taints"), request.stored().list("spec", "taints"))) {
      return "node \"" + node + "\" is not allowed to modify taints";
    }
    return labels(Meta.labels(request.stored()), Meta.labels(request.wanted()), node);
  }

  private static @Nullable String labels(
      Map<String, String> before, Map<String, String> after, String node) {
    Set<String> refused = new TreeSet<>();
    Set<String> touched = new TreeSet<>(before.keySet());
    touched.addAll(after.keySet());
    for (String label : touched) {
      if (!Objects.equals(before.get(label), after.get(label)) && restricted(label)) {
        refused.add(label);
      }
    }
    return refused.isEmpty()
        ? null
        : "node \"" + node + "\" is not allowed to modify labels: " + String.join(", ", refused);
  }

  private static boolean restricted(String label) {
    int slash = label.indexOf('/');
    String domain = slash < 0 ? "" : label.substring(0, slash);
    if (domain.equals("node-restriction.kubernetes.io")
        || domain.endsWith(".node-restriction.kubernetes.io")) {
      return true;
    }
    boolean reserved = within(domain, "kubernetes.io") || within(domain, "k8s.io");
    return reserved
        && !NODE_LABELS.contains(label)
        && !within(domain, "kubelet.kubernetes.io")
        && !within(domain, "node.kubernetes.io");
  }

  private static boolean within(String domain, String parent) {
    return domain.equals(parent) || domain.endsWith("." + parent);
  }

  private @Nullable String token(AdmissionRequest request, String node) {
    if (!request.creates() || !request.subresource().equals("token")) {
      return null;
    }
    Tree bound = request.wanted().treeOrEmpty("spec", "boundObjectRef");
    if (!bound.textOrEmpty("kind").equals("Pod")) {
      return "node requested token not bound to a pod";
    }
    String uid = bound.textOrEmpty("uid");
    if (uid.isEmpty()) {
      return "node requested token with a pod binding without a uid";
    }
    Tree pod = objects.find(Resources.PODS, request.namespace(), bound.textOrEmpty("name"));
    if (pod == null || !Meta.uid(pod).equals(uid)) {
      return "node requested token for a pod that does not exist";
    }
    return onNode(pod, node)
        ? null
        : "node requested token bound to a pod scheduled on a different node";
  }

  private static @Nullable String lease(AdmissionRequest request, String node) {
    String name =
        request.object() == null || !request.name().isEmpty()
            ? request.name()
            : Meta.name(request.wanted());
    return request.namespace().equals("kube-node-lease") && name.equals(node)
        ? null
        : "can only access node lease with the same name as the requesting node";
  }

  private static boolean onNode(Tree pod, String node) {
    return pod.textOrEmpty("spec", "nodeName").equals(node);
  }
}
