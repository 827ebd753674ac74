package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Defaults of volumes. */
final class VolumeDefaults {
  /** Octal 0644. */
  private static final long MODE = 420;

  private static final long TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  static void volume(Tree volume) {
    if (volume.keySet().stream().allMatch("name"::equals)) {
      volume.put("emptyDir", new Tree());
    }
    for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
      Tree found = volume.tree(source);
      if (found != null) {
        Absent.put(found, "defaultMode", MODE);
      }
    }
    Tree hostPath = volume.tree("hostPath");
    if (hostPath != null) {
      Absent.put(hostPath, "type", "");
    }
    volume.trees("downwardAPI", "items").forEach(VolumeDefaults::references);
    for (Tree source : volume.trees("projected", "sources")) {
      source.trees("downwardAPI", "items").forEach(VolumeDefaults::references);
      Tree token = source.tree("serviceAccountToken");
      if (token != null) {
        Absent.number(token, "expirationSeconds", TOKEN_SECONDS);
      }
    }
    Tree claim = volume.tree("ephemeral", "volumeClaimTemplate", "spec");
    if (claim != null) {
      Absent.text(claim, "volumeMode", "Filesystem");
    }
    Tree image = volume.tree("image");
    if (image != null) {
      Absent.text(
          image,
          "pullPolicy",
          PodDefaults.latest(image.textOrEmpty("reference")) ? "Always" : "IfNotPresent");
    }
  }

  /** References to fields of the pod and to resources of its containers. */
  static void references(Tree holder) {
    Tree field = holder.tree("fieldRef");
    if (field != null) {
      Absent.text(field, "apiVersion", "v1");
    }
    Tree resource = holder.tree("resourceFieldRef");
    if (resource != null) {
      Absent.put(resource, "divisor", "0");
    }
  }
}
