package io.bulwark.cluster.apiserver.live;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Live objects of the built-in kinds, read from the store. */
public final class StoredObjects implements LiveObjects {
  private final Store store;

  public StoredObjects(Store store) {
    this.store = store;
  }

  /** What all keys of a resource start with. */
  public static String prefix(Resource resource) {
    boolean plain = resource.group().isEmpty() || resource.resource().equals("events");
    return "/" + resource.resource() + (plain ? "/" : "." + resource.group() + "/");
  }

  /** An entry's object, with the entry's revision as its resourceVersion. */
  public static Tree object(Entry entry) {
    return Json.read(entry.value())
        .set(Long.toString(entry.revision()), "metadata", "resourceVersion");
  }

  @Override
  public @Nullable Tree find(Resource resource, String namespace, String name) {
    String parent = resource.namespaced() ? prefix(resource) + namespace + "/" : prefix(resource);
    Entry entry = store.get(parent + name);
    return entry == null ? null : object(entry);
  }

  @Override
  public List<Tree> list(Resource resource, String namespace) {
    String parent = namespace.isEmpty() ? prefix(resource) : prefix(resource) + namespace + "/";
    try {
      return store.range(parent, "", 0, 0).entries().stream().map(StoredObjects::object).toList();
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }
}
