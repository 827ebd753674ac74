package io.bulwark.cluster.quota;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one object takes of a quota, by the names that quotas use.
 *
 * <p>Source: kubernetes pkg/quota/v1/evaluator/core.
 */
public final class QuotaUsage {
  /** What counts by a name of its own, as well as by {@code count/}. */
  private static final Set<String> PLAIN =
      Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");

  private static final Quantity ONE = Quantity.of(1, Quantity.Format.DECIMAL_SI);
  private static final String CLAIMS = "persistentvolumeclaims";
  private static final String STORAGE = "requests.storage";

  private QuotaUsage() {}

  /** The usage of an object; a pod that has ended takes no more than its place in the store. */
  public static SortedMap<String, Quantity> of(Resource resource, Tree object, Instant now) {
    SortedMap<String, Quantity> usage = new TreeMap<>();
    usage.put("count/" + resource.groupResource(), ONE);
    if (!resource.group().isEmpty()) {
      return usage;
    }
    String name = resource.resource();
    if (PLAIN.contains(name)) {
      usage.put(name, ONE);
    }
    switch (name) {
      case "pods" -> {
        if (runs(object, now)) {
          compute(usage, PodTotals.requests(object), PodTotals.limits(object));
        }
      }
      case "services" -> service(usage, object.treeOrEmpty("spec"));
      case CLAIMS -> claim(usage, object);
      default -> {}
    }
    return usage;
  }

  /** Whether a quota's resource may be one of those that objects of a resource take. */
  public static boolean concerns(Resource resource, String quotaName) {
    if (quotaName.equals("count/" + resource.groupResource())) {
      return true;
    }
    if (!resource.group().isEmpty()) {
      return false;
    }
    String name = resource.resource();
    return switch (name) {
      case "pods" -> ofPods(quotaName);
      case "services" -> quotaName.equals(name) || quotaName.startsWith("services.");
      case CLAIMS ->
          quotaName.equals(name)
              || quotaName.equals(STORAGE)
              || quotaName.contains(".storageclass.storage.k8s.io/");
      default -> PLAIN.contains(name) && quotaName.equals(name);
    };
  }

  private static boolean ofPods(String quotaName) {
    if (quotaName.equals("pods") || quotaName.startsWith("limits.")) {
      return true;
    }
    if (quotaName.equals(STORAGE) || quotaName.contains(".storageclass.storage.k8s.io/")) {
      return false;
    }
    return quotaName.startsWith("requests.")
        || quotaName.startsWith("hugepages-")
        || Set.of("cpu", "memory", "ephemeral-storage").contains(quotaName);
  }

  private static boolean runs(Tree pod, Instant now) {
    String phase = pod.textOrEmpty("status", "phase");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return false;
    }
    String deleted = pod.textOrEmpty("metadata", "deletionTimestamp");
    if (deleted.isEmpty() || !pod.has("metadata", "deletionGracePeriodSeconds")) {
      return true;
    }
    try {
      long grace = pod.number(0, "metadata", "deletionGracePeriodSeconds");
      return !now.isAfter(Instant.parse(deleted).plusSeconds(grace));
    } catch (DateTimeException unreadable) {
      return true;
    }
  }

  /** What requests and limits come to, by the names that quotas use; also of one container. */
  public static void compute(
      Map<String, Quantity> usage, Map<String, Quantity> requests, Map<String, Quantity> limits) {
    usage.put("pods", ONE);
    requests.forEach(
        (name, amount) -> {
          boolean standard = Set.of("cpu", "memory", "ephemeral-storage").contains(name);
          if (standard || name.startsWith("hugepages-")) {
            usage.put(name, amount);
          }
          if (standard || name.startsWith("hugepages-") || name.contains("/")) {
            usage.put("requests." + name, amount);
          }
        });
    for (String name : new String[] {"cpu", "memory", "ephemeral-storage"}) {
      Quantity limit = limits.get(name);
      if (limit != null) {
        usage.put("limits." + name, limit);
      }
    }
  }

  private static void service(Map<String, Quantity> usage, Tree spec) {
    String type = spec.textOrEmpty("type");
    boolean balanced = type.equals("LoadBalancer");
    boolean onlyStated =
        balanced
            && spec.has("allocateLoadBalancerNodePorts")
            && !spec.flag("allocateLoadBalancerNodePorts");
    long ports =
        spec.trees("ports").stream()
            .filter(port -> !onlyStated || port.number(0, "nodePort") != 0)
            .count();
    usage.put("services", ONE);
    usage.put("services.loadbalancers", balanced ? ONE : Quantity.ZERO);
    usage.put(
        "services.nodeports",
        balanced || type.equals("NodePort")
            ? Quantity.of(ports, Quantity.Format.DECIMAL_SI)
            : Quantity.ZERO);
  }

  private static void claim(Map<String, Quantity> usage, Tree claim) {
    usage.put(CLAIMS, ONE);
    String annotated =
        claim.textOrEmpty("metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
    String named = annotated.isEmpty() ? claim.textOrEmpty("spec", "storageClassName") : annotated;
    String prefix = named + ".storageclass.storage.k8s.io/";
    if (!named.isEmpty()) {
      usage.put(prefix + CLAIMS, ONE);
    }
    Object asked = claim.at("spec", "resources", "requests", "storage");
    if (asked != null) {
      Quantity size =
          Quantity.max(
              Quantity.of(asked), Quantity.of(claim.at("status", "allocatedResources", "storage")));
      usage.put(STORAGE, size);
      if (!named.isEmpty()) {
        usage.put(prefix + STORAGE, size);
      }
    }
  }
}
