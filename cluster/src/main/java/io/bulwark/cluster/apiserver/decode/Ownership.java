package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The decoded managedFields of one object; for one thread. */
final class Ownership {
  /** Most owners by update. Source: upstream's limit. */
  private static final int UPDATERS = 10;

  private static final String OLD_UPDATES = "ancient-changes";

  private final List<Entry> entries = new ArrayList<>();

  /** What one owner owns; {@code time} is empty where it is unknown. */
  static final class Entry {
    final Owner owner;
    FieldSet fields;
    String time;

    Entry(Owner owner, FieldSet fields, String time) {
      this.owner = owner;
      this.fields = fields;
      this.time = time;
    }

    Tree encode() {
      Tree tree =
          Tree.of(
              "manager", owner.name(),
              "operation", owner.operation(),
              "apiVersion", owner.apiVersion(),
              "fieldsType", "FieldsV1",
              "fieldsV1", fields.encode());
      if (!time.isEmpty()) {
        tree.put("time", time);
      }
      if (!owner.subresource().isEmpty()) {
        tree.put("subresource", owner.subresource());
      }
      return tree;
    }
  }

  /** Null where an entry is malformed. */
  static @Nullable Ownership decode(TreeList managedFields) {
    Ownership ownership = new Ownership();
    for (Object element : managedFields) {
      if (!(element instanceof Tree tree)) {
        return null;
      }
      String operation = tree.textOrEmpty("operation");
      String apiVersion = tree.textOrEmpty("apiVersion");
      boolean applies = operation.equals("Apply");
      if ((!applies && !operation.equals("Update"))
          || apiVersion.isEmpty()
          || !tree.textOrEmpty("fieldsType").equals("FieldsV1")) {
        return null;
      }
      try {
        ownership.put(
            new Owner(
                tree.textOrEmpty("manager"), applies, apiVersion, tree.textOrEmpty("subresource")),
            FieldSet.decode(tree.treeOrEmpty("fieldsV1")),
            tree.textOrEmpty("time"));
      } catch (MalformedBody malformed) {
        return null;
      }
    }
    return ownership;
  }

  /** The live ownership, or none where it cannot be read. */
  static Ownership decodeOrNone(TreeList managedFields) {
    Ownership decoded = decode(managedFields);
    return decoded == null ? new Ownership() : decoded;
  }

  TreeList encode() {
    entries.sort(
        Comparator.comparing((Entry entry) -> entry.owner.operation())
            .thenComparing(entry -> entry.time)
            .thenComparing(entry -> entry.owner.name())
            .thenComparing(entry -> entry.owner.apiVersion())
            .thenComparing(entry -> entry.owner.subresource()));
    TreeList list = new TreeList();
    entries.forEach(entry -> list.add(entry.encode()));
    return list;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  List<Entry> entries() {
    return entries;
  }

  @Nullable Entry find(Owner owner) {
    for (Entry entry : entries) {
      if (entry.owner.is(owner)) {
        return entry;
      }
    }
    return null;
  }

  /** Sets what an owner owns; the time stays where one is known and none is given. */
  void put(Owner owner, FieldSet fields, String time) {
    Entry known = find(owner);
    if (known != null) {
      entries.remove(known);
    }
    if (!fields.isEmpty()) {
      entries.add(new Entry(owner, fields, time.isEmpty() && known != null ? known.time : time));
    }
  }

  /** Takes places away from everybody but one owner. */
  void takeFromOthers(Owner owner, FieldSet places) {
    for (Entry entry : entries) {
      if (!entry.owner.is(owner)) {
        entry.fields.subtract(places);
      }
    }
    entries.removeIf(entry -> entry.fields.isEmpty());
  }

  /** Everything that anybody owns. */
  FieldSet union() {
    FieldSet all = new FieldSet();
    entries.forEach(entry -> all.add(entry.fields));
    return all;
  }

  Ownership copy() {
    Ownership copy = new Ownership();
    entries.forEach(
        entry -> copy.entries.add(new Entry(entry.owner, entry.fields.copy(), entry.time)));
    return copy;
  }

  /** Whether the same owners own the same places, whatever the times. */
  boolean sameAs(Ownership other) {
    if (entries.size() != other.entries.size()) {
      return false;
    }
    for (Entry entry : entries) {
      Entry theirs = other.find(entry.owner);
      if (theirs == null
          || !theirs.owner.equals(entry.owner)
          || !theirs.fields.equals(entry.fields)) {
        return false;
      }
    }
    return true;
  }

  /** Merges the oldest updaters into one entry until few enough are left. */
  void cap() {
    List<Entry> updaters = new ArrayList<>(entries);
    updaters.removeIf(entry -> entry.owner.applies());
    updaters.sort(
        Comparator.comparing((Entry entry) -> entry.time)
            .thenComparing(entry -> entry.owner.name()));
    int count = updaters.size();
    Map<String, Entry> firstOfVersion = new HashMap<>();
    for (Entry entry : updaters) {
      if (count <= UPDATERS) {
        return;
      }
      String version = entry.owner.apiVersion();
      Owner bucket = new Owner(OLD_UPDATES, false, version, "");
      Entry first = firstOfVersion.putIfAbsent(version, entry);
      if (first == null) {
        continue;
      }
      Entry old = find(bucket);
      FieldSet merged = old == null ? first.fields.copy() : old.fields.copy();
      entries.remove(old == null ? first : old);
      entries.remove(entry);
      put(bucket, merged.add(entry.fields), entry.time);
      count--;
    }
  }
}
