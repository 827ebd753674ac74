package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where things stand in the stored JSON of an object. Made once for an entry and kept with it; what
 * needs more than a scan (labels, selectable fields, protobuf) is made on first need.
 *
 * <p>Thread-safe: two threads may make the same thing twice, and one of them wins.
 */
public final class ObjectView {
  private final Entry entry;
  private final JsonScan.Members members;
  private volatile @Nullable Tree labels;
  private volatile @Nullable Fields fields;
  private volatile @Nullable Encoded protobuf;

  /** Selectable fields as one kind reads them; kinds that share objects read them differently. */
  private record Fields(Kind kind, Map<String, String> values) {}

  private record Encoded(Kind kind, byte[] bytes) {}

  private ObjectView(Entry entry) {
    this.entry = entry;
    this.members = JsonScan.members(entry.value());
  }

  public static ObjectView of(Entry entry) {
    return entry.view(ObjectView::new);
  }

  /** A new, mutable tree with the entry's revision as resourceVersion. */
  public static Tree tree(Entry entry) {
    return Json.read(entry.value())
        .set(Long.toString(entry.revision()), "metadata", "resourceVersion");
  }

  JsonScan.Members members() {
    return members;
  }

  /** Frozen. */
  public Tree labels() {
    Tree made = labels;
    if (made == null) {
      made =
          members.labelsStart() < 0
              ? new Tree()
              : Json.read(
                  Arrays.copyOfRange(entry.value(), members.labelsStart(), members.labelsEnd()));
      labels = made.freeze();
    }
    return made;
  }

  /** The value of a selectable field of the kind, besides name and namespace. */
  String field(Kind kind, String field) {
    Fields made = fields;
    if (made == null || made.kind != kind) {
      Tree tree = Json.read(entry.value());
      Map<String, String> values = HashMap.newHashMap(kind.selectableFields().size());
      kind.selectableFields().forEach((name, read) -> values.put(name, read.apply(tree)));
      made = new Fields(kind, values);
      fields = made;
    }
    return made.values.getOrDefault(field, "");
  }

  /** The protobuf message, resourceVersion included, as an encoder made it first. */
  byte[] protobuf(Kind kind, java.util.function.Function<Tree, byte[]> encoder) {
    Encoded made = protobuf;
    if (made == null || made.kind != kind) {
      made = new Encoded(kind, encoder.apply(tree(entry)));
      protobuf = made;
    }
    return made.bytes;
  }
}
