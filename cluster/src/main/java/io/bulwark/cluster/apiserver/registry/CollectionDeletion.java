package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.function.Predicate;

/** DELETE of all objects that a selector picks. */
final class CollectionDeletion {
  private final Objects objects;
  private final Deletion deletion;

  CollectionDeletion(Objects objects, Deletion deletion) {
    this.objects = objects;
    this.deletion = deletion;
  }

  /** Answers with the list of what was deleted. */
  Reply delete(Write write) {
    Kind kind = write.kind();
    Predicate<Tree> selected = Selection.of(write.incoming(), kind);
    TreeList deleted = new TreeList();
    for (Entry entry : entries(write)) {
      Tree object = Objects.read(kind, entry);
      if (selected.test(
              kind.strategy().storedAsServed() ? object : kind.strategy().toStored(object))
          && deleteOne(write, object)) {
        object.remove("apiVersion");
        object.remove("kind");
        deleted.add(object);
      }
    }
    Tree list =
        Tree.of(
            "apiVersion",
            kind.resource().groupVersion().toString(),
            "kind",
            kind.resource().kind() + "List",
            "metadata",
            Tree.of("resourceVersion", Long.toString(objects.store().revision())),
            "items",
            deleted);
    return new Reply(200, list, null);
  }

  private java.util.List<Entry> entries(Write write) {
    Kind kind = write.kind();
    String prefix =
        write.namespace().isEmpty()
            ? kind.storagePrefix()
            : kind.storagePrefix() + write.namespace() + "/";
    try {
      return objects.store().range(prefix, "", 0, 0).entries();
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  private boolean deleteOne(Write write, Tree object) {
    RequestInfo all = write.info();
    RequestInfo one =
        new RequestInfo(
            true,
            all.path(),
            all.verb(),
            all.group(),
            all.version(),
            Meta.namespace(object),
            all.resource(),
            "",
            Meta.name(object),
            "");
    try {
      deletion.run(new Write(write.request(), one, write.kind(), write.options(), write.notes()));
      return true;
    } catch (Rejected refused) {
      if (refused.failure() instanceof Failure.NotFound) {
        return false;
      }
      throw refused;
    }
  }
}
