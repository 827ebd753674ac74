package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** The kinds of resource.k8s.io/v1. */
final class DynamicResourceRows {
  private final Ages ages;

  DynamicResourceRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.of(resource("deviceclasses", "DeviceClass", false))
            .columns(Columns.name(), ages.column())
            .strategy(new SpecStrategy(true, true))
            .kind(),
        Row.of(resource("resourceclaims", "ResourceClaim", true))
            .status()
            .columns(
                Columns.name(),
                Columns.text(
                    "State",
                    "A summary of the current state (allocated, pending, reserved, etc.).",
                    DynamicResourceRows::state),
                ages.column())
            .strategy(new SpeclessStrategy(true, false, true))
            .kind(),
        Row.of(resource("resourceclaimtemplates", "ResourceClaimTemplate", true))
            .columns(Columns.name(), ages.column())
            .strategy(new SpeclessStrategy(true, false, true))
            .kind(),
        Row.of(resource("resourceslices", "ResourceSlice", false))
            .columns(
                Columns.name(),
                Columns.text(
                    "Node",
                    "Where the devices are.",
                    slice -> slice.textOrEmpty("spec", "nodeName")),
                Columns.text(
                    "Driver", "Who offers them.", slice -> slice.textOrEmpty("spec", "driver")),
                Columns.text(
                    "Pool", "Their pool.", slice -> slice.textOrEmpty("spec", "pool", "name")),
                ages.column())
            .selectable("spec.driver", "spec.nodeName")
            .strategy(new SpecStrategy(true, true))
            .kind());
  }

  private static Resource resource(String resource, String kind, boolean namespaced) {
    return new Resource("resource.k8s.io", "v1", resource, kind, namespaced);
  }

  private static String state(Tree claim) {
    String prefix = Meta.terminating(claim) ? "deleted," : "";
    if (!claim.has("status", "allocation")) {
      return prefix + "pending";
    }
    boolean reserved = !claim.list("status", "reservedFor").isEmpty();
    return prefix + (reserved ? "allocated,reserved" : "allocated");
  }
}
