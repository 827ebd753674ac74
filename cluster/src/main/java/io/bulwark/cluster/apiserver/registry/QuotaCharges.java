package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.quota.QuotaScope;
import io.bulwark.cluster.quota.QuotaUsage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Charges what one write is about to store to the quotas of its namespace, each by compare-and-set
 * on the quota's own status, so that no two requests spend the same remainder.
 *
 * <p>Source: kubernetes apiserver pkg/admission/plugin/resourcequota.
 */
final class QuotaCharges {
  private static final String QUOTAS = "/resourcequotas/";
  private static final Set<String> EACH_CONTAINER =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");
  private final Store store;
  private final InstantSource clock;
  private final Write write;
  private final Resource resource;

  QuotaCharges(Store store, InstantSource clock, Write write) {
    this.store = store;
    this.clock = clock;
    this.write = write;
    this.resource = write.kind().resource();
  }

  /**
   * @param live null for a new object
   * @throws io.bulwark.api.failure.Rejected if a quota is exceeded; nothing is then charged
   */
  Allocation.Claim claim(Tree object, @Nullable Tree live) {
    if (!concerned(object, live)) {
      return Allocation.Claim.NOTHING;
    }
    List<Entry> entries = quotas(Meta.namespace(object));
    if (entries.isEmpty()) {
      return Allocation.Claim.NOTHING;
    }
    Charged charged = new Charged();
    try {
      for (Entry entry : entries) {
        charge(entry, object, live, charged);
      }
      return charged;
    } catch (RuntimeException refused) {
      charged.undo();
      throw refused;
    }
  }

  /** Most changes take nothing: where a pod runs and how it fares is no matter of quotas. */
  private boolean concerned(Tree object, @Nullable Tree live) {
    if (live == null) {
      return resource.namespaced() && !resource.resource().equals("events");
    }
    if (!resource.group().isEmpty()) {
      return false;
    }
    return switch (resource.resource()) {
      case "pods" ->
          write.subresource().equals("resize")
              || (write.subresource().isEmpty() && ends(object) != ends(live));
      case "services", "persistentvolumeclaims" -> write.subresource().isEmpty();
      default -> false;
    };
  }

  /** Such pods are in the scope {@code Terminating}. */
  private static boolean ends(Tree pod) {
    return pod.has("spec", "activeDeadlineSeconds");
  }

  private List<Entry> quotas(String namespace) {
    try {
      return store.range(QUOTAS + namespace + "/", "", 0, 0).entries();
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  private void charge(Entry first, Tree object, @Nullable Tree live, Charged charged) {
    Entry entry = first;
    while (entry != null) {
      Tree quota = Json.read(entry.value());
      SortedMap<String, Quantity> delta = delta(quota, object, live);
      if (delta.isEmpty()) {
        return;
      }
      check(quota, object, delta);
      if (write.dryRun()) {
        return;
      }
      switch (store.update(entry.key(), entry.revision(), added(quota, delta, false), null)) {
        case Store.Written.Done done -> {
          charged.charges.add(new Charge(entry.key(), delta));
          return;
        }
        case Store.Written.Lost lost -> entry = lost.current();
      }
    }
  }

  /** What the quota has to bear more than before; empty if the object is none of its business. */
  private SortedMap<String, Quantity> delta(Tree quota, Tree object, @Nullable Tree live) {
    Set<String> bounded = new TreeSet<>(quota.treeOrEmpty("status", "hard").keySet());
    bounded.removeIf(name -> !QuotaUsage.concerns(resource, name));
    if (bounded.isEmpty() || !QuotaScope.matches(quota, resource, object)) {
      return new TreeMap<>();
    }
    if (live == null && resource.resource().equals("pods") && resource.group().isEmpty()) {
      constrain(quota, object, bounded);
    }
    Tree used = quota.treeOrEmpty("status", "used");
    if (!used.keySet().containsAll(bounded)) {
      throw forbidden(
          object,
          "status unknown for quota: "
              + Meta.name(quota)
              + ", resources: "
              + String.join(",", bounded));
    }
    SortedMap<String, Quantity> delta = QuotaUsage.of(resource, object, clock.instant());
    if (live != null && QuotaScope.matches(quota, resource, live)) {
      QuotaUsage.of(resource, live, clock.instant())
          .forEach(
              (name, before) -> delta.computeIfPresent(name, (_, now) -> now.subtract(before)));
    }
    delta.keySet().retainAll(bounded);
    delta.values().removeIf(amount -> amount.sign() <= 0);
    return delta;
  }

  /** Where processor or memory is bounded, every container must say how much it takes. */
  private void constrain(Tree quota, Tree pod, Set<String> bounded) {
    if (!pod.treeOrEmpty("spec", "resources").isEmpty()) {
      return;
    }
    SortedMap<String, Set<String>> missing = new TreeMap<>();
    for (String list : List.of("containers", "initContainers")) {
      for (Tree container : pod.trees("spec", list)) {
        SortedMap<String, Quantity> stated = new TreeMap<>();
        QuotaUsage.compute(stated, amounts(container, "requests"), amounts(container, "limits"));
        for (String name : bounded) {
          if (EACH_CONTAINER.contains(name) && !stated.containsKey(name)) {
            missing.computeIfAbsent(name, _ -> new TreeSet<>()).add(container.textOrEmpty("name"));
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      String what =
          missing.entrySet().stream()
              .map(each -> each.getKey() + " for: " + String.join(",", each.getValue()))
              .collect(Collectors.joining("; "));
      throw forbidden(pod, "failed quota: " + Meta.name(quota) + ": must specify " + what);
    }
  }

  private static SortedMap<String, Quantity> amounts(Tree container, String part) {
    SortedMap<String, Quantity> amounts = new TreeMap<>();
    container
        .treeOrEmpty("resources", part)
        .forEach((name, value) -> amounts.put(name, Quantity.of(value)));
    return amounts;
  }

  private void check(Tree quota, Tree object, SortedMap<String, Quantity> delta) {
    Tree hard = quota.treeOrEmpty("status", "hard");
    Tree used = quota.treeOrEmpty("status", "used");
    SortedMap<String, Quantity> requested = new TreeMap<>();
    SortedMap<String, Quantity> spent = new TreeMap<>();
    SortedMap<String, Quantity> limited = new TreeMap<>();
    delta.forEach(
        (name, amount) -> {
          Quantity before = Quantity.of(used.get(name));
          Quantity bound = Quantity.of(hard.get(name));
          if (before.add(amount).compareTo(bound) > 0) {
            requested.put(name, amount);
            spent.put(name, before);
            limited.put(name, bound);
          }
        });
    if (!requested.isEmpty()) {
      throw forbidden(
          object,
          "exceeded quota: "
              + Meta.name(quota)
              + ", requested: "
              + shown(requested)
              + ", used: "
              + shown(spent)
              + ", limited: "
              + shown(limited));
    }
  }

  private static String shown(Map<String, Quantity> amounts) {
    return amounts.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(","));
  }

  private RuntimeException forbidden(Tree object, String detail) {
    GroupResource refused = resource.groupResource();
    return new Failure.Forbidden(refused, Meta.name(object), detail).rejected();
  }

  private static byte[] added(Tree quota, Map<String, Quantity> delta, boolean back) {
    Tree used = quota.child("status", "used");
    delta.forEach(
        (name, amount) -> {
          Quantity before = Quantity.of(used.get(name));
          Quantity after = back ? before.subtract(amount) : before.add(amount);
          used.put(name, (after.sign() < 0 ? Quantity.ZERO : after).toString());
        });
    return Json.write(quota);
  }

  private record Charge(String key, SortedMap<String, Quantity> delta) {}

  private final class Charged implements Allocation.Claim {
    private final List<Charge> charges = new ArrayList<>();

    @Override
    public void keep() {}

    @Override
    public void undo() {
      for (Charge charge : charges) {
        Entry entry = store.get(charge.key());
        while (entry != null) {
          byte[] less = added(Json.read(entry.value()), charge.delta(), true);
          entry =
              switch (store.update(entry.key(), entry.revision(), less, null)) {
                case Store.Written.Done done -> null;
                case Store.Written.Lost lost -> lost.current();
              };
        }
      }
    }
  }
}
