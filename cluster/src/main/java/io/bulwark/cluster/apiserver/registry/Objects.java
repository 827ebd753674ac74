package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import org.jspecify.annotations.Nullable;

/** Trees to stored bytes and back. */
final class Objects {
  /** Source: etcd's default limit for a request, 1.5 MiB. */
  private static final int LARGEST = 3 << 19;

  private final Store store;

  Objects(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  @Nullable Entry find(Kind kind, String namespace, String name) {
    return name.isEmpty() ? null : store.get(kind.key(namespace, name));
  }

  Entry get(Kind kind, String namespace, String name) {
    Entry entry = find(kind, namespace, name);
    if (entry == null) {
      throw new Failure.NotFound(kind.resource().groupResource(), name).rejected();
    }
    return entry;
  }

  /** The object of an entry as the kind serves it, with its resourceVersion; may be changed. */
  static Tree read(Kind kind, Entry entry) {
    Tree served = kind.strategy().toServed(Json.read(entry.value()));
    return served.set(Long.toString(entry.revision()), "metadata", "resourceVersion");
  }

  /** What is stored for an object that the kind serves. */
  static byte[] bytes(Kind kind, Tree served) {
    Tree plain = served.copy();
    plain.drop("metadata", "resourceVersion");
    byte[] bytes = Json.write(kind.strategy().toStored(plain));
    if (bytes.length > LARGEST) {
      throw new Failure.Ready(500, tooLarge()).rejected();
    }
    return bytes;
  }

  private static Tree tooLarge() {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Status",
        "metadata", new Tree(),
        "status", "Failure",
        "message", "etcdserver: request is too large");
  }

  static Tree withRevision(Tree object, long revision) {
    return object.set(Long.toString(revision), "metadata", "resourceVersion");
  }
}
