package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;

/** Defaults of what keeps pods running. */
final class WorkloadDefaults {
  private WorkloadDefaults() {}

  static void deployment(Tree object) {
    Tree spec = object.child("spec");
    Absent.put(spec, "replicas", 1);
    Absent.put(spec, "revisionHistoryLimit", 10);
    Absent.put(spec, "progressDeadlineSeconds", 600);
    Tree strategy = spec.child("strategy");
    Absent.text(strategy, "type", "RollingUpdate");
    if (strategy.textOrEmpty("type").equals("RollingUpdate")) {
      Tree rolling = strategy.child("rollingUpdate");
      Absent.put(rolling, "maxUnavailable", "25%");
      Absent.put(rolling, "maxSurge", "25%");
    }
    PodDefaults.template(spec.child("template"));
  }

  static void replicaSet(Tree object) {
    Tree spec = object.child("spec");
    Absent.put(spec, "replicas", 1);
    PodDefaults.template(spec.child("template"));
  }

  static void daemonSet(Tree object) {
    Tree spec = object.child("spec");
    Absent.put(spec, "revisionHistoryLimit", 10);
    Tree strategy = spec.child("updateStrategy");
    Absent.text(strategy, "type", "RollingUpdate");
    if (strategy.textOrEmpty("type").equals("RollingUpdate")) {
      Tree rolling = strategy.child("rollingUpdate");
      Absent.put(rolling, "maxUnavailable", 1);
      Absent.put(rolling, "maxSurge", 0);
    }
    PodDefaults.template(spec.child("template"));
  }

  static void statefulSet(Tree object) {
    Tree spec = object.child("spec");
    Absent.text(spec, "podManagementPolicy", "OrderedReady");
    Tree strategy = spec.child("updateStrategy");
    Absent.text(strategy, "type", "RollingUpdate");
    if (strategy.textOrEmpty("type").equals("RollingUpdate")) {
      Absent.put(strategy.child("rollingUpdate"), "partition", 0);
    }
    Tree retention = spec.child("persistentVolumeClaimRetentionPolicy");
    Absent.text(retention, "whenDeleted", "Retain");
    Absent.text(retention, "whenScaled", "Retain");
    Absent.put(spec, "replicas", 1);
    Absent.put(spec, "revisionHistoryLimit", 10);
    for (Tree claim : spec.trees("volumeClaimTemplates")) {
      Absent.text(claim, "apiVersion", "v1");
      Absent.text(claim, "kind", "PersistentVolumeClaim");
      StorageDefaults.claim(claim);
    }
    PodDefaults.template(spec.child("template"));
  }

  static void replicationController(Tree object) {
    Tree spec = object.child("spec");
    Absent.put(spec, "replicas", 1);
    Tree template = spec.tree("template");
    if (template == null) {
      return;
    }
    Tree labels = template.treeOrEmpty("metadata", "labels");
    if (!labels.isEmpty()) {
      if (spec.treeOrEmpty("selector").isEmpty()) {
        spec.put("selector", labels.copy());
      }
      if (object.treeOrEmpty("metadata", "labels").isEmpty()) {
        object.child("metadata").put("labels", labels.copy());
      }
    }
    PodDefaults.template(template);
  }
}
