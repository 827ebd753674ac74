package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resources;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which node needs which objects, because a pod on it names them. Follows the pods of the store.
 */
public final class NodeReferences implements AutoCloseable {
  private final Store store;
  private final Map<String, PodNeeds> byPod = new ConcurrentHashMap<>();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Store.Subscription subscription;

  public NodeReferences(Store store) {
    this.store = store;
    try {
      Store.Range range = store.range(prefix(), "", 0, 0);
      range.entries().forEach(this::put);
      subscription = store.watch(prefix(), range.revision(), new Following());
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  /**
   * Whether a pod on the node names the object. The index may lag behind the store, so a miss is
   * checked against the stored pods of the namespace.
   *
   * @param resource {@code secrets}, {@code configmaps}, {@code serviceaccounts}, {@code
   *     persistentvolumeclaims} or {@code pods}
   */
  public boolean needs(String node, String resource, String namespace, String name) {
    String wanted = PodNeeds.reference(resource, namespace, name);
    return counts.containsKey(node + " " + wanted) || stored(node, wanted, namespace);
  }

  @Override
  public void close() {
    subscription.close();
  }

  private boolean stored(String node, String wanted, String namespace) {
    try {
      return store.range(prefix() + namespace + "/", "", 0, 0).entries().stream()
          .map(NodeReferences::needsOf)
          .anyMatch(needs -> needs.node().equals(node) && needs.references().contains(wanted));
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  private void put(Entry entry) {
    PodNeeds needs = needsOf(entry);
    PodNeeds old =
        needs.node().isEmpty() ? byPod.remove(entry.key()) : byPod.put(entry.key(), needs);
    if (!needs.equals(old)) {
      if (!needs.node().isEmpty()) {
        count(needs, 1);
      }
      if (old != null) {
        count(old, -1);
      }
    }
  }

  private void remove(String key) {
    PodNeeds old = byPod.remove(key);
    if (old != null) {
      count(old, -1);
    }
  }

  private void count(PodNeeds needs, int by) {
    for (String reference : needs.references()) {
      counts.compute(
          needs.node() + " " + reference,
          (key, count) -> {
            int now = (count == null ? 0 : count) + by;
            return now == 0 ? null : now;
          });
    }
  }

  private static PodNeeds needsOf(Entry entry) {
    return PodNeeds.of(Json.read(entry.value()));
  }

  private static String prefix() {
    return StoredObjects.prefix(Resources.PODS);
  }

  private final class Following implements Store.Listener {
    @Override
    public void changed(Store.Change change) {
      switch (change.type()) {
        case PUT -> put(change.entry());
        case DELETE -> remove(change.entry().key());
      }
    }

    @Override
    public void progressed(long revision) {}
  }
}
