package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code metadata.managedFields}, and merges applied objects. Thread-safe.
 *
 * <p>Source: "Server-Side Apply" in upstream's documentation.
 */
public final class ManagedFields {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** Metadata that nobody owns. */
  private static final Set<String> UNOWNED =
      Set.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "clusterName",
          "generation",
          "managedFields",
          "resourceVersion");

  private final Shapes shapes;
  private final InstantSource clock;

  public ManagedFields(Shapes shapes, InstantSource clock) {
    this.shapes = shapes;
    this.clock = clock;
  }

  /** The manager of a request that names none: what stands before the slash in its User-Agent. */
  public static String managerOf(@Nullable String fieldManager, @Nullable String userAgent) {
    if (fieldManager != null && !fieldManager.isEmpty()) {
      return fieldManager;
    }
    String name = (userAgent == null ? "" : userAgent).split("/", 2)[0];
    name = name.replaceAll("\\P{Print}", "");
    if (name.isEmpty()) {
      return "unknown";
    }
    return name.length() > 128 ? name.substring(0, 128) : name;
  }

  /**
   * Records a create, an update or a patch that is no apply: the manager now owns what changed.
   *
   * @param live the stored object; null for a create; never changed
   * @param next the object as it will be stored, defaults included; its managedFields are replaced
   * @param subresource empty for the main endpoint
   * @return {@code next}
   */
  public Tree update(
      @Nullable Tree live, Tree next, Kind kind, String subresource, String manager) {
    TreeList proposed = next.list("metadata", "managedFields");
    Ownership ownership = starting(live, proposed, !subresource.isEmpty());
    next.drop("metadata", "managedFields");
    if (live != null && ownership.isEmpty()) {
      return next;
    }
    Tree before = live == null ? blank(kind) : unmanaged(live);
    Zeros.fill(before, shapes.of(kind.schema()));
    Owner owner = owner(kind, subresource, manager, false);
    track(before, next, ownership, owner, kind, now());
    ownership.cap();
    write(next, ownership);
    return next;
  }

  private static Ownership starting(
      @Nullable Tree live, TreeList proposed, boolean ignoresProposed) {
    TreeList stored = live == null ? new TreeList() : live.list("metadata", "managedFields");
    if (!ignoresProposed) {
      if (reset(proposed)) {
        return new Ownership();
      }
      Ownership decoded = Ownership.decode(proposed);
      if (decoded != null && !decoded.isEmpty()) {
        return decoded;
      }
    }
    return Ownership.decodeOrNone(stored);
  }

  /** Whether managedFields ask for a fresh start: one empty entry. */
  private static boolean reset(TreeList managedFields) {
    return managedFields.size() == 1
        && managedFields.getFirst() instanceof Tree tree
        && tree.isEmpty();
  }

  /** Gives what changed to an owner, and takes it from all others. */
  private void track(
      Tree before, Tree after, Ownership ownership, Owner owner, Kind kind, String time) {
    Comparison changes = Comparison.of(before, after, shapes.of(kind.schema()));
    unowned(changes.added(), kind, owner.subresource());
    unowned(changes.modified(), kind, owner.subresource());
    FieldSet taken = changes.modified().copy().add(changes.added());
    ownership.takeFromOthers(owner, taken);
    ownership.takeFromOthers(owner, changes.removed());
    Ownership.Entry known = ownership.find(owner);
    FieldSet fields = known == null ? new FieldSet() : known.fields.copy();
    fields.subtract(changes.removed());
    boolean changed = !taken.isEmpty();
    ownership.put(owner, fields.add(taken), changed ? time : "");
  }

  /**
   * Merges an applied configuration into the live object.
   *
   * @param live the stored object; null for a create; never changed
   * @param patch body of the request, YAML or JSON
   * @param force takes over what others own
   * @return the merged object with its managedFields, before defaults and admission
   * @throws io.bulwark.api.failure.Rejected 400 for a malformed configuration, 409 for conflicts
   */
  public Decoded apply(
      @Nullable Tree live,
      byte[] patch,
      FieldValidation validation,
      Kind kind,
      String subresource,
      String manager,
      boolean force) {
    List<String> warnings = new ArrayList<>();
    Tree applied = AppliedBody.read(patch, validation, warnings);
    Tree merged = apply(live, applied, kind, subresource, manager, force);
    return new DecodedBody(merged, List.copyOf(warnings));
  }

  /** As {@link #apply(Tree, byte[], FieldValidation, Kind, String, String, boolean)}, parsed. */
  public Tree apply(
      @Nullable Tree live,
      Tree applied,
      Kind kind,
      String subresource,
      String manager,
      boolean force) {
    Shape shape = shapes.of(kind.schema());
    Tree configuration = AppliedBody.conform(applied, kind, shape);
    Tree current = live == null ? new Tree() : unmanaged(live);
    Ownership ownership =
        live == null
            ? new Ownership()
            : Ownership.decodeOrNone(live.list("metadata", "managedFields"));
    if (live != null && ownership.isEmpty()) {
      Owner earlier = owner(kind, subresource, BEFORE_FIRST_APPLY, false);
      track(blank(kind), current, ownership, earlier, kind, now());
    }
    Owner owner = owner(kind, subresource, manager, true);
    Ownership.Entry last = ownership.find(owner);
    FieldSet lastFields = last == null ? new FieldSet() : last.fields;

    FieldSet claimed = OwnedFields.of(configuration, shape);
    unowned(claimed, kind, subresource);
    ownership.put(owner, claimed, "");
    Tree merged = current.copy();
    ApplyMerge.apply(merged, configuration, shape);
    FieldSet dropped = OwnedFields.withNamedParents(lastFields, shape);
    dropped.subtract(OwnedFields.withNamedParents(ownership.union(), shape));
    OwnedFields.remove(merged, dropped, shape);

    Comparison changes = Comparison.of(current, merged, shape);
    unowned(changes.added(), kind, subresource);
    unowned(changes.modified(), kind, subresource);
    FieldSet taken = changes.modified().copy().add(changes.added());
    if (!force) {
      refuseConflicts(ownership, owner, taken, lastAppliedByKubectl(manager, current, kind, shape));
    }
    ownership.takeFromOthers(owner, taken);
    ownership.takeFromOthers(owner, changes.removed());
    if (!changes.same()) {
      ownership.put(owner, claimed, now());
    }
    ownership.cap();
    write(merged, ownership);
    if (manager.equals("kubectl") && subresource.isEmpty()) {
      rememberApplied(merged, applied);
    }
    return merged;
  }

  /** Keeps the annotation of client-side apply right where there is one, so that both ways mix. */
  private static void rememberApplied(Tree merged, Tree applied) {
    if (Meta.annotation(merged, LAST_APPLIED) != null) {
      Tree remembered = applied.copy().drop("metadata", "annotations", LAST_APPLIED);
      merged.set(Json.text(remembered) + "\n", "metadata", "annotations", LAST_APPLIED);
    }
  }

  private static void refuseConflicts(
      Ownership ownership, Owner owner, FieldSet taken, @Nullable FieldSet yielded) {
    List<Failure.FieldConflict> conflicts = new ArrayList<>();
    for (Ownership.Entry entry : ownership.entries()) {
      if (entry.owner.is(owner)) {
        continue;
      }
      FieldSet contested = entry.fields.intersection(taken);
      if (yielded != null) {
        contested.subtract(yielded);
      }
      for (String path : contested.paths()) {
        conflicts.add(new Failure.FieldConflict("conflict with " + entry.owner.readable(), path));
      }
    }
    if (!conflicts.isEmpty()) {
      throw new Failure.ApplyConflict(conflicts).rejected();
    }
  }

  /**
   * What kubectl owns by client-side apply, which it may take over without force: what it applied
   * last and nobody changed since.
   */
  private static @Nullable FieldSet lastAppliedByKubectl(
      String manager, Tree current, Kind kind, Shape shape) {
    String text = Meta.annotation(current, LAST_APPLIED);
    if (!manager.equals("kubectl") || text == null) {
      return null;
    }
    Tree last = AppliedBody.readQuietly(text);
    String version = kind.resource().groupVersion().toString();
    if (last == null || !version.equals(last.text("apiVersion"))) {
      return null;
    }
    Comparison since = Comparison.of(last, current, shape);
    FieldSet yielded = OwnedFields.of(last, shape);
    yielded.subtract(since.modified());
    yielded.subtract(since.removed());
    return yielded;
  }

  /** Removes what nobody may own, or not through this endpoint. */
  private static void unowned(FieldSet set, Kind kind, String subresource) {
    set.prune("f:apiVersion");
    set.prune("f:kind");
    UNOWNED.forEach(field -> set.prune("f:metadata", "f:" + field));
    FieldSet metadata = set.child("f:metadata");
    if (metadata != null && metadata.member()) {
      metadata.subtract(new FieldSet().insert());
      set.trim();
    }
    if (!kind.hasSubresource("status")) {
      return;
    }
    if (subresource.isEmpty()) {
      set.prune("f:status");
    } else if (subresource.equals("status")) {
      set.prune("f:spec");
    }
  }

  private static Owner owner(Kind kind, String subresource, String manager, boolean applies) {
    return new Owner(manager, applies, kind.resource().groupVersion().toString(), subresource);
  }

  private Tree blank(Kind kind) {
    return Zeros.blank(shapes.of(kind.schema()));
  }

  private static Tree unmanaged(Tree object) {
    return object.copy().drop("metadata", "managedFields");
  }

  private static void write(Tree object, Ownership ownership) {
    if (ownership.isEmpty()) {
      object.drop("metadata", "managedFields");
    } else {
      object.set(ownership.encode(), "metadata", "managedFields");
    }
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * Puts the live managedFields into an object that differs from the live one in nothing but their
   * timestamps, so that storing it changes nothing. Call it last, before the object is stored.
   */
  public static void settle(Tree live, Tree next) {
    TreeList stored = live.list("metadata", "managedFields");
    TreeList proposed = next.list("metadata", "managedFields");
    if (stored.equals(proposed) || stored.size() != proposed.size()) {
      return;
    }
    Tree before = unmanaged(live).drop("metadata", "resourceVersion");
    Tree after = unmanaged(next).drop("metadata", "resourceVersion");
    Ownership mine = Ownership.decode(stored);
    Ownership theirs = Ownership.decode(proposed);
    if (mine != null && theirs != null && mine.sameAs(theirs) && before.equals(after)) {
      next.set(stored.copy(), "metadata", "managedFields");
    }
  }
}
