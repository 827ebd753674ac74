package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Roles and bindings from a watch on the store. The snapshot is rebuilt by the first reader after a
 * change, so that a burst of writes costs one rebuild.
 */
public final class StoredRbac implements RbacSource, AutoCloseable {
  private final Map<String, Tree> roles = new ConcurrentHashMap<>();
  private final Map<String, Tree> bindings = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong(1);
  private final List<Store.Subscription> subscriptions = new ArrayList<>();
  private volatile Built built = new Built(0, new Rbac(List.of(), List.of()));

  private record Built(long changes, Rbac rbac) {}

  public StoredRbac(Store store) {
    follow(store, Resources.CLUSTER_ROLES, roles);
    follow(store, Resources.ROLES, roles);
    follow(store, Resources.CLUSTER_ROLE_BINDINGS, bindings);
    follow(store, Resources.ROLE_BINDINGS, bindings);
  }

  @Override
  public Rbac current() {
    Built known = built;
    return known.changes == changes.get() ? known.rbac : rebuild();
  }

  @Override
  public void close() {
    subscriptions.forEach(Store.Subscription::close);
  }

  private synchronized Rbac rebuild() {
    long now = changes.get();
    if (built.changes != now) {
      built = new Built(now, new Rbac(roles.values(), bindings.values()));
    }
    return built.rbac;
  }

  private void follow(Store store, Resource resource, Map<String, Tree> objects) {
    String prefix = StoredObjects.prefix(resource);
    try {
      Store.Range range = store.range(prefix, "", 0, 0);
      range.entries().forEach(entry -> objects.put(entry.key(), tree(entry)));
      subscriptions.add(store.watch(prefix, range.revision(), new Following(objects)));
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  private static Tree tree(Entry entry) {
    return Json.read(entry.value()).freeze();
  }

  private final class Following implements Store.Listener {
    private final Map<String, Tree> objects;

    Following(Map<String, Tree> objects) {
      this.objects = objects;
    }

    @Override
    public void changed(Store.Change change) {
      switch (change.type()) {
        case PUT -> objects.put(change.entry().key(), tree(change.entry()));
        case DELETE -> objects.remove(change.entry().key());
      }
      changes.incrementAndGet();
    }

    @Override
    public void progressed(long revision) {}
  }
}
