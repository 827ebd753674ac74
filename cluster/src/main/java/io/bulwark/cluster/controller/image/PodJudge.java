package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.Judgement;
import io.bulwark.cluster.image.policy.KnownImage;
import io.bulwark.cluster.image.policy.PodImages;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.policy.PolicyRules.Mode;
import io.bulwark.cluster.image.policy.PolicyRules.Unknown;
import io.bulwark.cluster.image.policy.ReportName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Judges single pods by the policies that cover them. Thread-safe. */
final class PodJudge {
  private static final String CONDITION = "image.bulwark.io/Admitted";
  private static final Duration AGAIN = Duration.ofSeconds(20);

  private final ControllerContext context;
  private final Policies policies;
  private final Informer reports;
  private final Map<String, String> told = new ConcurrentHashMap<>();

  PodJudge(ControllerContext context, Policies policies, Informer reports) {
    this.context = context;
    this.policies = policies;
    this.reports = reports;
  }

  /**
   * @param failure why an image of a namespace could not be looked into, or null
   * @return when to look again, or null
   */
  @Nullable Duration judge(Tree pod, BiFunction<String, String, @Nullable String> failure) {
    if (!PodImages.live(pod) || Meta.terminating(pod)) {
      told.remove(Meta.uid(pod));
      return null;
    }
    Verdict verdict = verdict(pod, failure);
    return ImageGate.on(pod) ? held(pod, verdict) : running(pod, verdict);
  }

  /**
   * @param waiting images that are not known and must be
   * @param broken rules of enforcing policies
   * @param drains whether a policy that is broken drains running pods
   */
  private record Verdict(List<String> waiting, List<String> broken, boolean drains) {}

  private Verdict verdict(Tree pod, BiFunction<String, String, @Nullable String> failure) {
    String namespace = Meta.namespace(pod);
    List<String> waiting = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    boolean drains = false;
    List<PolicyRules> rules =
        policies.of(namespace).stream().filter(r -> r.mode() == Mode.ENFORCE).toList();
    for (String image : rules.isEmpty() ? Set.<String>of() : PodImages.of(pod)) {
      KnownImage known = known(namespace, image);
      for (PolicyRules policy : rules) {
        if (known == null
            && policy.needsKnowledge()
            && policy.concerns(image)
            && policy.unknown() != Unknown.ALLOW) {
          String why = failure.apply(namespace, image);
          waiting.add(image + (why == null ? " is being looked into" : ": " + why));
        }
        List<String> found =
            new ArrayList<>(Judgement.violations(policy, image, known, context.clock().instant()));
        String misplaced =
            known == null || !policy.pins(image) ? null : PodImages.misplaced(pod, image, known);
        if (misplaced != null && ImageGate.on(pod)) {
          found.add(misplaced);
        }
        if (!found.isEmpty()) {
          broken.add(policy.title() + ": " + String.join("; ", found));
          drains |= policy.drains();
        }
      }
    }
    return new Verdict(waiting.stream().distinct().toList(), broken, drains);
  }

  private @Nullable KnownImage known(String namespace, String reference) {
    Tree report = reports.get(namespace, ReportName.of(reference));
    return report == null ? null : KnownImage.of(report);
  }

  private @Nullable Duration held(Tree pod, Verdict verdict) {
    if (!verdict.broken().isEmpty()) {
      condition(pod, "False", "ImagePolicyViolated", String.join("; ", verdict.broken()), true);
      return AGAIN;
    }
    if (!verdict.waiting().isEmpty()) {
      condition(pod, "False", "ImageUnknown", String.join("; ", verdict.waiting()), false);
      return AGAIN;
    }
    release(pod);
    return null;
  }

  private @Nullable Duration running(Tree pod, Verdict verdict) {
    if (verdict.broken().isEmpty()) {
      told.remove(Meta.uid(pod));
      return null;
    }
    String message = String.join("; ", verdict.broken());
    if (!message.equals(told.put(Meta.uid(pod), message))) {
      context.events().warning(pod, "ImagePolicyViolated", message);
    }
    return verdict.drains() ? evict(pod) : null;
  }

  /** A budget that has no room leaves the pod for later. */
  private @Nullable Duration evict(Tree pod) {
    try {
      context
          .client()
          .createSubresource(
              Resources.PODS,
              Meta.namespace(pod),
              Meta.name(pod),
              "eviction",
              Tree.of(
                  "apiVersion",
                  "policy/v1",
                  "kind",
                  "Eviction",
                  "metadata",
                  Tree.of("name", Meta.name(pod), "namespace", Meta.namespace(pod))));
      return null;
    } catch (ApiException refused) {
      if (refused.notFound()) {
        return null;
      }
      return AGAIN;
    }
  }

  private void release(Tree pod) {
    Tree spec = pod.treeOrEmpty("spec");
    TreeList gates = new TreeList();
    for (Tree gate : spec.trees("schedulingGates")) {
      if (!gate.textOrEmpty("name").equals(ImageGate.NAME)) {
        gates.add(gate);
      }
    }
    Tree patch =
        Tree.of(
            "metadata",
            Tree.of("uid", Meta.uid(pod), "resourceVersion", Meta.resourceVersion(pod)),
            "spec",
            resolved(pod).set(gates, "schedulingGates"));
    context
        .client()
        .patch(
            Resources.PODS,
            Meta.namespace(pod),
            Meta.name(pod),
            null,
            PatchType.MERGE,
            patch,
            Query.none());
    told.remove(Meta.uid(pod));
    if (Conditions.find(pod, CONDITION) != null) {
      condition(pod, "True", "ImagesKnown", "", false);
    }
  }

  /** The containers of the pod with digests where a policy wants them. */
  private Tree resolved(Tree pod) {
    Tree changed = new Tree();
    Tree placed = Tree.of("nodeSelector", pod.treeOrEmpty("spec", "nodeSelector").copy());
    String namespace = Meta.namespace(pod);
    List<PolicyRules> rules = policies.of(namespace);
    for (String field : List.of("initContainers", "containers")) {
      TreeList containers = new TreeList();
      for (Tree container : pod.treeOrEmpty("spec").trees(field)) {
        Tree copy = container.copy();
        String reference = PodImages.reference(container.textOrEmpty("image"));
        KnownImage known = known(namespace, reference);
        if (known != null && rules.stream().anyMatch(policy -> policy.pins(reference))) {
          copy.put("image", PodImages.pinned(reference, known));
          PodImages.place(placed, reference, known);
        }
        containers.add(copy);
      }
      if (!containers.isEmpty()) {
        changed.put(field, containers);
      }
    }
    if (!placed.treeOrEmpty("nodeSelector").isEmpty()) {
      changed.put("nodeSelector", placed.treeOrEmpty("nodeSelector"));
    }
    return changed;
  }

  private void condition(Tree pod, String status, String reason, String message, boolean warn) {
    Tree old = Conditions.find(pod, CONDITION);
    if (old != null
        && old.textOrEmpty("reason").equals(reason)
        && old.textOrEmpty("message").equals(message)) {
      return;
    }
    Tree condition =
        Tree.of(
            "type", CONDITION,
            "status", status,
            "reason", reason,
            "message", message,
            "lastTransitionTime", Timestamps.seconds(context.clock().instant()));
    context
        .client()
        .patch(
            Resources.PODS,
            Meta.namespace(pod),
            Meta.name(pod),
            "status",
            PatchType.STRATEGIC,
            Tree.of(
                "metadata",
                Tree.of("uid", Meta.uid(pod)),
                "status",
                Tree.of("conditions", TreeList.of(condition))),
            Query.none());
    if (warn) {
      context.events().warning(pod, reason, message);
    }
  }
}
