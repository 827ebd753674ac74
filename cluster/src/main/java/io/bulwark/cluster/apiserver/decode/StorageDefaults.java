package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;

/** Defaults of volumes, their claims and classes, and of drivers. */
final class StorageDefaults {
  private static final String FILESYSTEM = "Filesystem";

  private StorageDefaults() {}

  static void volume(Tree object) {
    Absent.text(object.child("status"), "phase", "Pending");
    Tree spec = object.child("spec");
    Absent.text(spec, "persistentVolumeReclaimPolicy", "Retain");
    Absent.put(spec, "volumeMode", FILESYSTEM);
    Tree host = spec.tree("hostPath");
    if (host != null) {
      Absent.put(host, "type", "");
    }
  }

  static void claim(Tree object) {
    Absent.text(object.child("status"), "phase", "Pending");
    Absent.put(object.child("spec"), "volumeMode", FILESYSTEM);
  }

  static void storageClass(Tree object) {
    Absent.put(object, "reclaimPolicy", "Delete");
    Absent.put(object, "volumeBindingMode", "Immediate");
  }

  static void driver(Tree object) {
    Tree spec = object.child("spec");
    Absent.put(spec, "attachRequired", true);
    for (String field :
        new String[] {"podInfoOnMount", "requiresRepublish", "seLinuxMount", "storageCapacity"}) {
      Absent.put(spec, field, false);
    }
    Absent.put(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if (spec.list("volumeLifecycleModes").isEmpty()) {
      spec.put("volumeLifecycleModes", TreeList.of("Persistent"));
    }
  }
}
