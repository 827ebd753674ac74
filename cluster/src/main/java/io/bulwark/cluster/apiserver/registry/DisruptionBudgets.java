package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the budget of a pod whether it may be evicted, and takes one from it.
 *
 * <p>Source: kubernetes pkg/registry/core/pod/storage/eviction.go.
 */
final class DisruptionBudgets {
  private static final String BUDGETS = "/poddisruptionbudgets.policy/";
  private static final GroupResource NAMED = new GroupResource("policy", "poddisruptionbudget");
  private static final Set<String> UNGUARDED = Set.of("Pending", "Succeeded", "Failed");
  private static final String REFUSED =
      "Cannot evict pod as it would violate the pod's disruption budget.";
  private static final int AGAIN = 10;
  private static final int MOST_DISRUPTED = 2000;

  private final Store store;
  private final SystemFields system;

  DisruptionBudgets(Store store, SystemFields system) {
    this.store = store;
    this.system = system;
  }

  /**
   * @throws io.bulwark.api.failure.Rejected if a budget forbids the eviction for now
   */
  void spend(Tree pod, boolean dryRun) {
    if (Meta.terminating(pod) || UNGUARDED.contains(pod.textOrEmpty("status", "phase"))) {
      return;
    }
    List<Entry> guarding =
        budgets(Meta.namespace(pod)).stream()
            .filter(entry -> guards(Json.read(entry.value()), pod))
            .toList();
    if (guarding.size() > 1) {
      throw new Failure.InternalError(
              "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
                  + " not support.")
          .rejected();
    }
    Entry entry = guarding.isEmpty() ? null : guarding.getFirst();
    while (entry != null) {
      entry = spend(entry, pod, dryRun);
    }
  }

  private List<Entry> budgets(String namespace) {
    try {
      return store.range(BUDGETS + namespace + "/", "", 0, 0).entries();
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  private static boolean guards(Tree budget, Tree pod) {
    Tree selector = budget.tree("spec", "selector");
    return selector != null && LabelSelector.of(selector).matchesObject(pod);
  }

  /** The budget as it stands now where somebody was faster, or null when that is done. */
  private @Nullable Entry spend(Entry entry, Tree pod, boolean dryRun) {
    Tree budget = Json.read(entry.value());
    Tree status = budget.child("status");
    if (!ready(pod) && free(budget, status)) {
      return null;
    }
    check(budget, status);
    if (dryRun) {
      return null;
    }
    long left = status.number(0, "disruptionsAllowed") - 1;
    status.put("disruptionsAllowed", left);
    if (left == 0) {
      exhausted(status);
    }
    status.child("disruptedPods").put(Meta.name(pod), system.now());
    return switch (store.update(entry.key(), entry.revision(), Json.write(budget), null)) {
      case Store.Written.Done done -> null;
      case Store.Written.Lost lost -> lost.current();
    };
  }

  private static boolean ready(Tree pod) {
    return pod.trees("status", "conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals("Ready")
                    && condition.textOrEmpty("status").equals("True"));
  }

  /** Whether the loss of a pod that is not ready anyway costs the budget nothing. */
  private static boolean free(Tree budget, Tree status) {
    long desired = status.number(0, "desiredHealthy");
    return budget.textOrEmpty("spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow")
        || (desired > 0 && status.number(0, "currentHealthy") >= desired);
  }

  private static void check(Tree budget, Tree status) {
    String name = Meta.name(budget);
    if (status.number(0, "observedGeneration") < Meta.generation(budget)) {
      throw refused(
          AGAIN, "The disruption budget " + name + " is still being processed by the server.");
    }
    long allowed = status.number(0, "disruptionsAllowed");
    if (allowed < 0) {
      throw new Failure.Forbidden(NAMED, name, "pdb disruptions allowed is negative").rejected();
    }
    if (status.treeOrEmpty("disruptedPods").size() > MOST_DISRUPTED) {
      throw new Failure.Forbidden(
              NAMED,
              name,
              "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
          .rejected();
    }
    if (allowed == 0) {
      throw refused(0, reason(name, status));
    }
  }

  private static String reason(String name, Tree status) {
    Tree condition = condition(status);
    String message = condition == null ? "" : condition.textOrEmpty("message");
    String cause = condition == null ? "" : condition.textOrEmpty("reason");
    String budget = "The disruption budget " + name;
    if (cause.equals("SyncFailed") && !message.isEmpty()) {
      return budget + " does not allow evicting pods currently because it failed sync: " + message;
    }
    long desired = status.number(0, "desiredHealthy");
    long healthy = status.number(0, "currentHealthy");
    if (healthy <= desired) {
      return budget + " needs " + desired + " healthy pods and has " + healthy + " currently";
    }
    return message.isEmpty()
        ? budget + " does not allow evicting pods currently"
        : budget + " does not allow evicting pods currently (" + cause + "): " + message;
  }

  private static RuntimeException refused(int seconds, String cause) {
    return new Failure.TooManyRequests(
            REFUSED, seconds, List.of(new Failure.Cause("DisruptionBudget", cause, "")))
        .rejected();
  }

  private static @Nullable Tree condition(Tree status) {
    return status.trees("conditions").stream()
        .filter(each -> each.textOrEmpty("type").equals("DisruptionAllowed"))
        .findFirst()
        .orElse(null);
  }

  private void exhausted(Tree status) {
    Tree condition = condition(status);
    if (condition != null && !condition.textOrEmpty("status").equals("False")) {
      condition.put("status", "False");
      condition.put("reason", "InsufficientPods");
      condition.put("lastTransitionTime", system.now());
    }
  }
}
