package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;

/** Defaults of the kinds that steer others: classes, limits, policies, priority levels, claims. */
final class PolicyDefaults {
  private static final long PRECEDENCE = 1000;
  private static final long SHARES = 30;
  private static final long QUEUES = 64;
  private static final long HAND = 8;
  private static final long QUEUE_LENGTH = 50;

  private PolicyDefaults() {}

  static void priorityClass(Tree object) {
    Absent.put(object, "preemptionPolicy", "PreemptLowerPriority");
  }

  /** What a container gets by default follows from the bounds that are stated. */
  static void limitRange(Tree object) {
    for (Tree limit : object.trees("spec", "limits")) {
      if (limit.textOrEmpty("type").equals("Container")) {
        fill(limit, "default", "max");
        fill(limit, "defaultRequest", "default");
        fill(limit, "defaultRequest", "min");
      }
    }
  }

  private static void fill(Tree limit, String target, String source) {
    Tree bounds = limit.treeOrEmpty(source);
    if (!bounds.isEmpty()) {
      Tree filled = limit.child(target);
      bounds.forEach(
          (resource, quantity) -> {
            if (quantity != null) {
              Absent.put(filled, resource, quantity);
            }
          });
    }
  }

  static void networkPolicy(Tree object) {
    Tree spec = object.child("spec");
    if (spec.list("policyTypes").isEmpty()) {
      spec.put(
          "policyTypes",
          spec.list("egress").isEmpty()
              ? TreeList.of("Ingress")
              : TreeList.of("Ingress", "Egress"));
    }
    for (String direction : List.of("ingress", "egress")) {
      for (Tree rule : spec.trees(direction)) {
        rule.trees("ports").forEach(port -> Absent.text(port, "protocol", "TCP"));
      }
    }
  }

  static void ingressClass(Tree object) {
    Tree parameters = object.tree("spec", "parameters");
    if (parameters != null) {
      Absent.put(parameters, "scope", "Cluster");
    }
  }

  static void flowSchema(Tree object) {
    Absent.number(object.child("spec"), "matchingPrecedence", PRECEDENCE);
  }

  static void priorityLevel(Tree object) {
    Tree exempt = object.tree("spec", "exempt");
    if (exempt != null) {
      Absent.put(exempt, "nominalConcurrencyShares", 0L);
      Absent.put(exempt, "lendablePercent", 0L);
    }
    Tree limited = object.tree("spec", "limited");
    if (limited == null) {
      return;
    }
    Absent.put(limited, "nominalConcurrencyShares", SHARES);
    Absent.put(limited, "lendablePercent", 0L);
    Tree queuing = limited.tree("limitResponse", "queuing");
    if (queuing != null) {
      Absent.number(queuing, "queues", QUEUES);
      Absent.number(queuing, "handSize", HAND);
      Absent.number(queuing, "queueLengthLimit", QUEUE_LENGTH);
    }
  }

  /** The devices that a claim, or a template of claims, asks for. */
  static void deviceRequests(Tree devices) {
    for (Tree request : devices.trees("requests")) {
      Tree exactly = request.tree("exactly");
      if (exactly != null) {
        count(exactly);
      }
      request.trees("firstAvailable").forEach(PolicyDefaults::count);
    }
  }

  private static void count(Tree request) {
    Absent.text(request, "allocationMode", "ExactCount");
    if (request.textOrEmpty("allocationMode").equals("ExactCount")) {
      Absent.number(request, "count", 1);
    }
  }
}
