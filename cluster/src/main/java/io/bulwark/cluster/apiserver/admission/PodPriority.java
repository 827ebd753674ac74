package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import java.util.Map;

/** The number of a pod's priority comes from its class alone. */
final class PodPriority implements Plugin {
  private static final Map<String, Long> BUILT_IN =
      Map.of(
          "", 0L,
          "system-cluster-critical", 2_000_000_000L,
          "system-node-critical", 2_000_001_000L);

  @Override
  public void mutate(AdmissionRequest request) {
    if (!request.creates() || !request.on("", "pods", "")) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    String name = spec.textOrEmpty("priorityClassName");
    Long priority = BUILT_IN.get(name);
    if (priority == null) {
      throw request.forbidden("no PriorityClass with name " + name + " was found").rejected();
    }
    if (spec.get("priority") instanceof Long given && !given.equals(priority)) {
      throw request
          .forbidden(
              "the integer value of priority ("
                  + given
                  + ") must not be provided in pod spec; priority admission controller computed "
                  + priority
                  + " from the given PriorityClass name")
          .rejected();
    }
    spec.put("priority", priority);
    if (!spec.has("preemptionPolicy")) {
      spec.put("preemptionPolicy", "PreemptLowerPriority");
    }
  }
}
