package io.bulwark.cluster.controller.stateful;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.controller.pod.PodMaker;
import io.bulwark.cluster.controller.revision.Revisions;
import java.util.ArrayList;
import java.util.List;

/** The numbered pods of a StatefulSet: their names, and how they are made. */
final class Ordinals {
  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  private Ordinals() {}

  static String name(Tree set, long ordinal) {
    return Meta.name(set) + "-" + ordinal;
  }

  /** The number of a pod in its set, or -1. */
  static long of(Tree set, Tree pod) {
    String prefix = Meta.name(set) + "-";
    if (!Meta.name(pod).startsWith(prefix)) {
      return -1;
    }
    try {
      return Integer.parseInt(Meta.name(pod).substring(prefix.length()));
    } catch (NumberFormatException other) {
      return -1;
    }
  }

  static Tree pod(Tree set, Tree template, long ordinal, String revision) {
    Tree pod = PodMaker.fromTemplate(set, template);
    String name = name(set, ordinal);
    Tree metadata = pod.child("metadata");
    metadata.put("generateName", Meta.name(set) + "-");
    metadata.put("name", name);
    pod.set(name, "metadata", "labels", POD_NAME);
    pod.set(Long.toString(ordinal), "metadata", "labels", POD_INDEX);
    pod.set(revision, "metadata", "labels", Revisions.HASH);
    Tree spec = pod.child("spec");
    spec.put("hostname", name);
    String service = set.textOrEmpty("spec", "serviceName");
    if (!service.isEmpty()) {
      spec.put("subdomain", service);
    }
    volumes(set, spec, name);
    return pod;
  }

  private static void volumes(Tree set, Tree spec, String pod) {
    List<Tree> templates = set.trees("spec", "volumeClaimTemplates");
    if (templates.isEmpty()) {
      return;
    }
    TreeList volumes = new TreeList();
    List<String> claimed = new ArrayList<>();
    for (Tree template : templates) {
      String name = Meta.name(template);
      claimed.add(name);
      volumes.add(
          Tree.of("name", name, "persistentVolumeClaim", Tree.of("claimName", name + "-" + pod)));
    }
    spec.trees("volumes").stream()
        .filter(volume -> !claimed.contains(volume.textOrEmpty("name")))
        .forEach(volume -> volumes.add(volume.copy()));
    spec.put("volumes", volumes);
  }

  /** The claims that a pod needs. */
  static List<Tree> claims(Tree set, long ordinal) {
    List<Tree> claims = new ArrayList<>();
    for (Tree template : set.trees("spec", "volumeClaimTemplates")) {
      Tree claim = template.copy();
      claim.put("apiVersion", "v1");
      claim.put("kind", "PersistentVolumeClaim");
      claim.remove("status");
      claim.set(Meta.name(template) + "-" + name(set, ordinal), "metadata", "name");
      claim.set(Meta.namespace(set), "metadata", "namespace");
      claim.child("metadata").remove("creationTimestamp");
      Tree labels = claim.child("metadata", "labels");
      set.treeOrEmpty("spec", "selector", "matchLabels").forEach(labels::put);
      claims.add(claim);
    }
    return claims;
  }
}
