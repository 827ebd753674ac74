package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;

/** An object to be sent. */
sealed interface Item {
  /** As columns read it: what is stored, where the kind stores another form than it shows. */
  Tree columns();

  void whole(Output out);

  /** As an item of a list. */
  void listed(Output out);

  void metadata(Output out, String metaVersion);

  /** The protobuf message of the whole object. */
  byte[] message();

  String revision();

  static Item of(Entry entry, Kind kind) {
    if (kind.strategy().storedAsServed()) {
      return new Stored(entry, entry, kind);
    }
    byte[] shown = Json.write(kind.strategy().toServed(Json.read(entry.value())));
    return new Stored(
        entry, new Entry(entry.key(), shown, entry.created(), entry.revision()), kind);
  }

  /** A stored object, as it is and as the kind shows it. */
  record Stored(Entry stored, Entry shown, Kind kind) implements Item {
    @Override
    public Tree columns() {
      return ObjectView.tree(stored);
    }

    @Override
    public void whole(Output out) {
      ObjectJson.whole(out, shown);
    }

    @Override
    public void listed(Output out) {
      if (kind.schema().startsWith("io.k8s.")) {
        ObjectJson.item(out, shown);
      } else {
        ObjectJson.whole(out, shown);
      }
    }

    @Override
    public void metadata(Output out, String metaVersion) {
      ObjectJson.metadata(out, shown, metaVersion);
    }

    @Override
    public byte[] message() {
      return ObjectView.of(shown).protobuf(kind, object -> ProtobufBody.message(object, kind));
    }

    @Override
    public String revision() {
      return Long.toString(shown.revision());
    }
  }

  /** An object that is not stored: the outcome of a dry run. */
  record Made(Tree tree, Kind kind) implements Item {
    @Override
    public Tree columns() {
      return kind.strategy().storedAsServed() ? tree : kind.strategy().toStored(tree.copy());
    }

    @Override
    public void whole(Output out) {
      out.bytes(Json.write(tree));
    }

    @Override
    public void listed(Output out) {
      whole(out);
    }

    @Override
    public void metadata(Output out, String metaVersion) {
      out.bytes(
          Json.write(
              Tree.of(
                  "apiVersion",
                  "meta.k8s.io/" + metaVersion,
                  "kind",
                  "PartialObjectMetadata",
                  "metadata",
                  tree.treeOrEmpty("metadata"))));
    }

    @Override
    public byte[] message() {
      return ProtobufBody.message(tree, kind);
    }

    @Override
    public String revision() {
      return tree.textOrEmpty("metadata", "resourceVersion");
    }
  }
}
