package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the node of a pod must read to run it.
 *
 * @param node empty before the pod is bound
 * @param references as {@link #reference} writes them
 */
record PodNeeds(String node, Set<String> references) {
  static String reference(String resource, String namespace, String name) {
    return resource + " " + namespace + "/" + name;
  }

  static PodNeeds of(Tree pod) {
    Tree spec = pod.treeOrEmpty("spec");
    Collected found = new Collected(Meta.namespace(pod), new HashSet<>());
    found.add("pods", Meta.name(pod));
    found.add("serviceaccounts", spec.text("serviceAccountName"));
    for (Tree secret : spec.trees("imagePullSecrets")) {
      found.add("secrets", secret.text("name"));
    }
    for (Tree volume : spec.trees("volumes")) {
      found.volume(volume);
    }
    for (String field : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (Tree container : spec.trees(field)) {
        found.environment(container);
      }
    }
    return new PodNeeds(spec.textOrEmpty("nodeName"), Set.copyOf(found.references()));
  }

  private record Collected(String namespace, Set<String> references) {
    void add(String resource, @Nullable String name) {
      if (name != null && !name.isEmpty()) {
        references.add(reference(resource, namespace, name));
      }
    }

    void volume(Tree volume) {
      add("secrets", volume.text("secret", "secretName"));
      add("configmaps", volume.text("configMap", "name"));
      add("persistentvolumeclaims", volume.text("persistentVolumeClaim", "claimName"));
      add("secrets", volume.text("csi", "nodePublishSecretRef", "name"));
      for (Tree source : volume.trees("projected", "sources")) {
        add("secrets", source.text("secret", "name"));
        add("configmaps", source.text("configMap", "name"));
      }
    }

    void environment(Tree container) {
      for (Tree from : container.trees("envFrom")) {
        add("secrets", from.text("secretRef", "name"));
        add("configmaps", from.text("configMapRef", "name"));
      }
      for (Tree variable : container.trees("env")) {
        add("secrets", variable.text("valueFrom", "secretKeyRef", "name"));
        add("configmaps", variable.text("valueFrom", "configMapKeyRef", "name"));
      }
    }
  }
}
