package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The number of a pod's priority comes from its class alone; without one, from the class that is
 * the default of the cluster.
 */
final class PodPriority implements Plugin {
  private static final String PREEMPTION = "preemptionPolicy";
  private static final String PREEMPTS = "PreemptLowerPriority";
  private static final Map<String, Long> BUILT_IN =
      Map.of(
          "system-cluster-critical", 2_000_000_000L,
          "system-node-critical", 2_000_001_000L);

  private final LiveObjects objects;

  PodPriority(LiveObjects objects) {
    this.objects = objects;
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!request.creates() || !request.on("", "pods", "")) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    Tree type = named(request, spec.textOrEmpty("priorityClassName"));
    if (type != null && !Meta.name(type).isEmpty()) {
      spec.put("priorityClassName", Meta.name(type));
    }
    Long priority = type == null ? Long.valueOf(0) : Long.valueOf(type.number(0, "value"));
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
    String policy = type == null ? "" : type.textOrEmpty(PREEMPTION);
    String computed = policy.isEmpty() ? PREEMPTS : policy;
    String stated = spec.textOrEmpty(PREEMPTION);
    if (!stated.isEmpty() && !stated.equals(computed)) {
      throw request
          .forbidden(
              "the string value of PreemptionPolicy ("
                  + stated
                  + ") must not be provided in pod spec; priority admission controller computed "
                  + computed
                  + " from the given PriorityClass name")
          .rejected();
    }
    spec.put(PREEMPTION, computed);
  }

  private @Nullable Tree named(AdmissionRequest request, String name) {
    if (name.isEmpty()) {
      return byDefault();
    }
    Tree type = objects.find(Resources.PRIORITY_CLASSES, "", name);
    Long builtIn = BUILT_IN.get(name);
    if (type == null && builtIn != null) {
      return Tree.of("metadata", Tree.of("name", name), "value", builtIn);
    }
    if (type == null) {
      throw request.forbidden("no PriorityClass with name " + name + " was found").rejected();
    }
    return type;
  }

  /** Where two were made at once, the one of the lowest value counts. */
  private @Nullable Tree byDefault() {
    return objects.list(Resources.PRIORITY_CLASSES, "").stream()
        .filter(type -> type.flag("globalDefault"))
        .min(Comparator.comparingLong(type -> type.number(0, "value")))
        .orElse(null);
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (!request.on("scheduling.k8s.io", "priorityclasses", "")
        || !(request.creates() || request.updates())
        || !request.wanted().flag("globalDefault")) {
      return;
    }
    Tree other = byDefault();
    if (other != null && (request.creates() || !Meta.name(other).equals(request.name()))) {
      throw request
          .forbidden(
              "PriorityClass "
                  + Meta.name(other)
                  + " is already marked as default. Only one default can exist")
          .rejected();
    }
  }
}
