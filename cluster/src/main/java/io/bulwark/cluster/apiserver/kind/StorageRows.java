package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Volumes and claims of the core group, and the kinds of storage.k8s.io/v1. */
final class StorageRows {
  private static final String UNSET = "<unset>";
  private static final Map<String, String> MODES =
      Map.of(
          "ReadWriteOnce", "RWO",
          "ReadOnlyMany", "ROX",
          "ReadWriteMany", "RWX",
          "ReadWriteOncePod", "RWOP");

  private final Ages ages;
  private final InstantSource clock;

  StorageRows(Ages ages, InstantSource clock) {
    this.ages = ages;
    this.clock = clock;
  }

  /** The kinds that stand in the core group. */
  List<Kind> core() {
    return List.of(claims(), volumes());
  }

  List<Kind> rows() {
    return List.of(drivers(), nodes(), capacities(), classes(), attachments(), attributesClasses());
  }

  private Kind claims() {
    return Row.of(Resources.PERSISTENT_VOLUME_CLAIMS)
        .shortNames("pvc")
        .status()
        .columns(
            Columns.name(),
            Columns.text("Status", "Whether the claim is bound.", StorageRows::phase),
            Columns.text(
                "Volume",
                "The volume that backs the claim.",
                claim -> claim.textOrEmpty("spec", "volumeName")),
            Columns.text(
                "Capacity",
                "What the volume holds.",
                claim -> bound(claim, claim.textOrEmpty("status", "capacity", "storage"))),
            Columns.text(
                "Access Modes",
                "How the volume may be mounted.",
                claim -> bound(claim, modes(claim, "status"))),
            Columns.text("StorageClass", "StorageClass of the pvc", StorageRows::storageClass),
            Columns.text(
                "VolumeAttributesClass",
                "VolumeAttributesClass of the pvc",
                claim -> orUnset(claim, "spec", "volumeAttributesClassName")),
            ages.column(),
            Columns.wide(
                "VolumeMode",
                "File system or block device.",
                claim -> orUnset(claim, "spec", "volumeMode")))
        .selectable("name", Meta::name)
        .strategy(new VolumePhase(clock, false))
        .kind();
  }

  private Kind volumes() {
    return Row.of(Resources.PERSISTENT_VOLUMES)
        .shortNames("pv")
        .status()
        .columns(
            Columns.name(),
            Columns.text(
                "Capacity",
                "What the volume holds.",
                volume -> volume.textOrEmpty("spec", "capacity", "storage")),
            Columns.text("Access Modes", "How it may be mounted.", volume -> modes(volume, "spec")),
            Columns.text(
                "Reclaim Policy",
                "What happens to a released volume.",
                volume -> volume.textOrEmpty("spec", "persistentVolumeReclaimPolicy")),
            Columns.text("Status", "Whether the volume is in use.", StorageRows::phase),
            Columns.text("Claim", "The claim that the volume is bound to.", StorageRows::claim),
            Columns.text("StorageClass", "StorageClass of the pv", StorageRows::storageClass),
            Columns.text(
                "VolumeAttributesClass",
                "VolumeAttributesClass of the pv",
                volume -> orUnset(volume, "spec", "volumeAttributesClassName")),
            Columns.text(
                "Reason",
                "Why the volume is in its state.",
                volume -> volume.textOrEmpty("status", "reason")),
            ages.column(),
            Columns.wide(
                "VolumeMode",
                "File system or block device.",
                volume -> orUnset(volume, "spec", "volumeMode")))
        .selectable("name", Meta::name)
        .strategy(new VolumePhase(clock, true))
        .kind();
  }

  private Kind drivers() {
    return Row.of(storage("csidrivers", "CSIDriver", false))
        .columns(
            Columns.name(),
            Columns.flag("AttachRequired", "Whether volumes are attached first."),
            Columns.flag("PodInfoOnMount", "Whether the driver is told of the pod."),
            Columns.flag("StorageCapacity", "Whether the driver publishes capacities."),
            Columns.text(
                "TokenRequests", "Audiences of the tokens that the driver gets.", this::audiences),
            Columns.flag("RequiresRepublish", "Whether volumes are published again and again."),
            Columns.text(
                "Modes",
                "Persistent or ephemeral.",
                driver ->
                    Columns.orNone(String.join(",", driver.texts("spec", "volumeLifecycleModes")))),
            ages.column())
        .strategy(new DriverStrategy())
        .kind();
  }

  private Kind nodes() {
    return Row.of(storage("csinodes", "CSINode", false))
        .columns(
            Columns.name(),
            Columns.integer(
                "Drivers",
                "Drivers indicates the number of CSI drivers registered on the node",
                node -> (long) node.list("spec", "drivers").size()),
            ages.column())
        .strategy(new SpeclessStrategy(false, false, true))
        .kind();
  }

  private static Kind capacities() {
    return Row.of(storage("csistoragecapacities", "CSIStorageCapacity", true))
        .columns(Columns.name(), Columns.created())
        .strategy(new SpeclessStrategy(false, false, false))
        .kind();
  }

  private Kind classes() {
    return Row.of(storage("storageclasses", "StorageClass", false))
        .shortNames("sc")
        .columns(
            Columns.name(StorageRows::className),
            Columns.text(
                "Provisioner", "Who makes the volumes.", type -> type.textOrEmpty("provisioner")),
            Columns.text(
                "ReclaimPolicy",
                "What happens to released volumes.",
                type -> type.textOrEmpty("reclaimPolicy")),
            Columns.text(
                "VolumeBindingMode",
                "When volumes are made.",
                type -> type.textOrEmpty("volumeBindingMode")),
            Columns.text(
                "AllowVolumeExpansion",
                "Whether volumes may grow.",
                type -> type.flag("allowVolumeExpansion")),
            ages.column())
        .strategy(new SpeclessStrategy(true, false, true))
        .kind();
  }

  private Kind attachments() {
    return Row.of(storage("volumeattachments", "VolumeAttachment", false))
        .status()
        .columns(
            Columns.name(),
            new Column(
                "Attacher",
                "string",
                "name",
                "The driver that attaches the volume.",
                0,
                attachment -> attachment.textOrEmpty("spec", "attacher")),
            Columns.text(
                "PV",
                "The volume.",
                attachment -> attachment.textOrEmpty("spec", "source", "persistentVolumeName")),
            Columns.text(
                "Node", "Where to.", attachment -> attachment.textOrEmpty("spec", "nodeName")),
            Columns.bool(
                "Attached",
                "Whether it is attached.",
                attachment -> attachment.flag("status", "attached")),
            ages.column())
        .strategy(new SpeclessStrategy(false, false, true))
        .kind();
  }

  private Kind attributesClasses() {
    return Row.of(storage("volumeattributesclasses", "VolumeAttributesClass", false))
        .shortNames("vac")
        .columns(
            Columns.name(StorageRows::className),
            Columns.text(
                "DriverName",
                "The driver that knows the attributes.",
                type -> type.textOrEmpty("driverName")),
            ages.column())
        .strategy(new SpeclessStrategy(true, false, true))
        .kind();
  }

  private static Resource storage(String resource, String kind, boolean namespaced) {
    return new Resource("storage.k8s.io", "v1", resource, kind, namespaced);
  }

  private static String className(Tree type) {
    String marked =
        type.textOrEmpty("metadata", "annotations", "storageclass.kubernetes.io/is-default-class");
    return marked.equals("true") ? Meta.name(type) + " (default)" : Meta.name(type);
  }

  private String audiences(Tree driver) {
    return driver.has("spec", "tokenRequests")
        ? driver.trees("spec", "tokenRequests").stream()
            .map(request -> request.textOrEmpty("audience"))
            .collect(Collectors.joining(","))
        : UNSET;
  }

  private static String phase(Tree object) {
    return Meta.terminating(object) ? "Terminating" : object.textOrEmpty("status", "phase");
  }

  private static String bound(Tree claim, String text) {
    return claim.textOrEmpty("spec", "volumeName").isEmpty() ? "" : text;
  }

  private static String modes(Tree object, String part) {
    return object.texts(part, "accessModes").stream()
        .map(mode -> MODES.getOrDefault(mode, mode))
        .distinct()
        .collect(Collectors.joining(","));
  }

  private static String claim(Tree volume) {
    Tree reference = volume.treeOrEmpty("spec", "claimRef");
    return reference.isEmpty()
        ? ""
        : reference.textOrEmpty("namespace") + "/" + reference.textOrEmpty("name");
  }

  private static String storageClass(Tree object) {
    String annotated =
        object.textOrEmpty("metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
    return annotated.isEmpty() ? object.textOrEmpty("spec", "storageClassName") : annotated;
  }

  private static String orUnset(Tree object, String... path) {
    String text = object.textOrEmpty(path);
    return text.isEmpty() ? UNSET : text;
  }
}
