package io.bulwark.cluster.controller.disruption;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status of disruption budgets: how many pods they guard, how many are healthy, and how
 * many evictions that allows.
 *
 * <p>Source: kubernetes pkg/controller/disruption.
 */
public final class DisruptionController implements Component {
  /** The service account. */
  public static final String NAME = "disruption-controller";

  /** How upstream's controller calls itself in its events. */
  public static final String EVENT_SOURCE = "controllermanager";

  private static final Duration SYNCING = Duration.ofMillis(20);
  private static final Duration DELETION = Duration.ofMinutes(2);
  private static final Map<String, Resource> SCALED =
      Map.of(
          "ReplicaSet", Resources.REPLICA_SETS,
          "ReplicationController", Resources.REPLICATION_CONTROLLERS,
          "StatefulSet", Resources.STATEFUL_SETS,
          "Deployment", Resources.DEPLOYMENTS);

  private final ControllerContext context;
  private final Informer budgets;
  private final Informer pods;
  private final Map<String, Informer> scaled = new HashMap<>();
  private final ControllerLoop<String> loop;

  /**
   * @param workers how many budgets are worked on at once
   */
  public DisruptionController(ControllerContext context, int workers) {
    this.context = context;
    this.budgets = context.informers().of(Resources.POD_DISRUPTION_BUDGETS);
    this.pods = context.informers().of(Resources.PODS);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    SCALED.forEach((kind, resource) -> scaled.put(kind, context.informers().of(resource)));
  }

  @Override
  public void start() {
    budgets.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(Meta.key(after));
          }
        });
    pods.onChange(
        (before, after) -> {
          wake(before);
          wake(after);
        });
    for (Informer owners : scaled.values()) {
      owners.onChange(
          (before, after) -> {
            if (after != null
                && (before == null
                    || before.number(1, "spec", "replicas")
                        != after.number(1, "spec", "replicas"))) {
              budgets.list(Meta.namespace(after)).forEach(budget -> loop.add(Meta.key(budget)));
            }
          });
    }
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private void wake(@Nullable Tree pod) {
    if (pod != null) {
      budgets.list(Meta.namespace(pod)).stream()
          .filter(budget -> guards(budget, pod))
          .forEach(budget -> loop.add(Meta.key(budget)));
    }
  }

  private static boolean guards(Tree budget, Tree pod) {
    Tree selector = budget.tree("spec", "selector");
    return selector != null && LabelSelector.of(selector).matchesObject(pod);
  }

  private @Nullable Duration reconcile(String key) {
    if (!budgets.synced()
        || !pods.synced()
        || !scaled.values().stream().allMatch(Informer::synced)) {
      return SYNCING;
    }
    Tree budget = budgets.get(key);
    if (budget == null) {
      return null;
    }
    List<Tree> guarded =
        pods.list(Meta.namespace(budget)).stream().filter(pod -> guards(budget, pod)).toList();
    if (guarded.isEmpty()) {
      context.events().normal(budget, "NoPods", "No matching pods found");
    }
    Instant now = context.clock().instant();
    Tree disrupted = disrupted(budget, guarded, now);
    long healthy =
        guarded.stream()
            .filter(pod -> PodState.ready(pod) && !Meta.terminating(pod))
            .filter(pod -> !disrupted.containsKey(Meta.name(pod)))
            .count();
    Expected expected = expected(budget, guarded);
    Tree status = status(budget, healthy, expected, disrupted, now);
    if (!status.equals(budget.treeOrEmpty("status"))) {
      Tree changed = budget.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.POD_DISRUPTION_BUDGETS, changed);
    }
    return disrupted.isEmpty() ? null : DELETION;
  }

  /** Evicted pods whose deletion has not been seen, unless that takes too long. */
  private static Tree disrupted(Tree budget, List<Tree> guarded, Instant now) {
    Tree left = new Tree();
    Tree noted = budget.treeOrEmpty("status", "disruptedPods");
    for (Tree pod : guarded) {
      Instant since = Timestamps.parse(noted.text(Meta.name(pod)));
      if (since != null && !Meta.terminating(pod) && now.isBefore(since.plus(DELETION))) {
        left.put(Meta.name(pod), noted.get(Meta.name(pod)));
      }
    }
    return left;
  }

  private record Expected(long pods, long healthy) {}

  private Expected expected(Tree budget, List<Tree> guarded) {
    Object least = budget.at("spec", "minAvailable");
    Object most = budget.at("spec", "maxUnavailable");
    if (most != null) {
      long scale = scale(guarded);
      return new Expected(scale, Math.max(0, scale - part(most, scale)));
    }
    if (least instanceof Long number) {
      return new Expected(guarded.size(), number);
    }
    long scale = least == null ? 0 : scale(guarded);
    return new Expected(scale, least == null ? 0 : part(least, scale));
  }

  private static long part(Object share, long whole) {
    return share instanceof Long number
        ? number
        : (long) Math.ceil(Integer.parseInt(share.toString().replace("%", "")) * whole / 100.0);
  }

  /** What all controllers of the pods together are scaled to. */
  private long scale(List<Tree> guarded) {
    Map<String, Long> scales = new HashMap<>();
    for (Tree pod : guarded) {
      Tree owner = Meta.controllerOf(pod);
      if (owner != null && !scales.containsKey(owner.textOrEmpty("uid"))) {
        scales.put(owner.textOrEmpty("uid"), scale(Meta.namespace(pod), owner));
      }
    }
    return scales.values().stream().mapToLong(Long::longValue).sum();
  }

  private long scale(String namespace, Tree owner) {
    Informer owners = scaled.get(owner.textOrEmpty("kind"));
    Tree found = owners == null ? null : owners.get(namespace, owner.textOrEmpty("name"));
    if (found == null || !Meta.uid(found).equals(owner.text("uid"))) {
      return 0;
    }
    Tree above = Meta.controllerOf(found);
    // A Deployment has several sets while it rolls; what counts is its own number.
    return above != null && "Deployment".equals(above.text("kind"))
        ? scale(namespace, above)
        : found.number(1, "spec", "replicas");
  }

  private static Tree status(
      Tree budget, long healthy, Expected expected, Tree disrupted, Instant now) {
    long allowed = expected.pods() <= 0 ? 0 : Math.max(0, healthy - expected.healthy());
    Tree status = budget.treeOrEmpty("status").copy();
    status.put("currentHealthy", healthy);
    status.put("desiredHealthy", expected.healthy());
    status.put("expectedPods", expected.pods());
    status.put("disruptionsAllowed", allowed);
    status.put("observedGeneration", Meta.generation(budget));
    status.remove("disruptedPods");
    if (!disrupted.isEmpty()) {
      status.put("disruptedPods", disrupted);
    }
    TreeList conditions = status.childList("conditions");
    Conditions.set(
        conditions,
        "DisruptionAllowed",
        allowed > 0 ? "True" : "False",
        allowed > 0 ? "SufficientPods" : "InsufficientPods",
        "",
        now);
    Tree condition = Conditions.in(conditions, "DisruptionAllowed");
    if (condition != null) {
      condition.put("observedGeneration", Meta.generation(budget));
    }
    return status;
  }
}
