package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.decode.ManagedFields;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The optimistic loop in which every change of an object happens: read, change, admit, validate,
 * compare and set; again from the start when somebody was faster.
 */
final class Update {
  private static final String STALE =
      "the object has been modified; please apply your changes to the latest version and try again";

  private final Objects objects;
  private final Stages stages;
  private final Creation creation;
  private final Function<Kind, Allocation> allocations;
  private final Function<Write, QuotaCharges> quotas;

  Update(
      Objects objects,
      Stages stages,
      Creation creation,
      Function<Kind, Allocation> allocations,
      Function<Write, QuotaCharges> quotas) {
    this.objects = objects;
    this.stages = stages;
    this.creation = creation;
    this.allocations = allocations;
    this.quotas = quotas;
  }

  /** The reply has status 200, or 201 where the object was made. */
  Reply run(Write write, Change change) {
    Kind kind = write.kind();
    while (true) {
      Entry entry = objects.find(kind, write.namespace(), write.name());
      if (entry == null) {
        if (!change.creates()) {
          throw new Failure.NotFound(write.groupResource(), write.name()).rejected();
        }
        stages.requireCreate(write);
        Tree fresh = change.next(null);
        return new Reply(201, make(write, fresh, change), kind);
      }
      Tree live = Objects.read(kind, entry).freeze();
      Tree done = attempt(write, change, entry, live);
      if (done != null) {
        return new Reply(200, done, kind);
      }
    }
  }

  private Tree make(Write write, Tree fresh, Change change) {
    SystemFields.sameAsUrl(write, fresh);
    if (!Meta.uid(fresh).isEmpty()) {
      throw new Failure.Conflict(
              write.groupResource(),
              write.name(),
              "Precondition failed: UID in precondition: "
                  + Meta.uid(fresh)
                  + ", UID in object meta: ")
          .rejected();
    }
    if (!Meta.resourceVersion(fresh).isEmpty()) {
      throw new Failure.NotFound(write.groupResource(), write.name()).rejected();
    }
    return creation.create(write, fresh, change.applies());
  }

  /** The object as it now stands, or null where somebody was faster. */
  private @Nullable Tree attempt(Write write, Change change, Entry entry, Tree live) {
    Kind kind = write.kind();
    Tree next = change.next(live);
    SystemFields.sameAsUrl(write, next);
    checkVersion(write, next, live);
    SystemFields.fillChanged(next, live);
    stages.defaults().apply(kind, next);
    AdmissionRequest admission =
        write.admission(AdmissionRequest.Operation.UPDATE, write.name(), next, live);
    stages.admission().mutate(admission);
    stages.defaults().apply(kind, next);
    prepare(write, next, live);
    stages.defaults().complete(kind, next);
    if (!change.applies() && !write.subresource().equals("binding")) {
      stages
          .managedFields()
          .update(live, next, kind, write.subresource(), write.options().manager(write.incoming()));
    }
    Stages.refuse(kind, write.name(), errors(write, next, live));
    if (write.subresource().isEmpty()) {
      kind.strategy().updateWarnings(next).forEach(write.notes()::warn);
    }
    Allocation.Claim claim = allocations.apply(kind).claim(next, live, write.dryRun());
    Allocation.Claim charge = Allocation.Claim.NOTHING;
    boolean stored = false;
    try {
      stages.admission().validate(admission);
      charge = quotas.apply(write).claim(next, live);
      ManagedFields.settle(live, next);
      Tree done = store(write, next, entry);
      stored = done != null && !write.dryRun();
      return done;
    } finally {
      claim.end(stored);
      charge.end(stored);
    }
  }

  private List<FieldError> errors(Write write, Tree next, Tree live) {
    return write.subresource().isEmpty()
        ? stages.validator().validateUpdate(write.kind(), next, live)
        : stages.validator().validateUpdate(write.kind(), write.subresource(), next, live);
  }

  private static void checkVersion(Write write, Tree next, Tree live) {
    String wanted = Meta.resourceVersion(next);
    if (wanted.isEmpty() || wanted.equals("0")) {
      if (!write.kind().strategy().unconditionalUpdate() && write.info().verb().equals("update")) {
        throw new Failure.Invalid(
                new GroupKind(write.groupResource().group(), write.groupResource().resource()),
                write.name(),
                List.of(
                    FieldError.invalid(
                        "metadata.resourceVersion", 0L, "must be specified for an update")))
            .rejected();
      }
      next.set(Meta.resourceVersion(live), "metadata", "resourceVersion");
    } else if (!wanted.equals(Meta.resourceVersion(live))) {
      throw new Failure.Conflict(write.groupResource(), write.name(), STALE).rejected();
    }
    String uid = Meta.uid(next);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(live))) {
      if (write.info().verb().equals("patch")) {
        throw new Failure.Invalid(
                write.kind().resource().groupVersionKind().groupKind(),
                write.name(),
                List.of(FieldError.invalid("metadata.uid", uid, "field is immutable")))
            .rejected();
      }
      throw new Failure.Conflict(
              write.groupResource(),
              write.name(),
              "StorageError: invalid object, Code: 4, Key: /registry"
                  + registryKey(write)
                  + ", ResourceVersion: 0, AdditionalErrorMsg: "
                  + "Precondition failed: UID in precondition: "
                  + uid
                  + ", UID in object meta: "
                  + Meta.uid(live))
          .rejected();
    }
  }

  /** Where upstream's store would have the object, as its messages show it. */
  private static String registryKey(Write write) {
    String place = write.namespace().isEmpty() ? "/" : "/" + write.namespace() + "/";
    return "/" + write.kind().resource().resource() + place + write.name();
  }

  private static void prepare(Write write, Tree next, Tree live) {
    Kind kind = write.kind();
    switch (write.subresource()) {
      case "" -> {
        if (kind.hasSubresource("status")) {
          keep(next, live, "status");
        }
        kind.strategy().prepareForUpdate(next, live);
        if (kind.strategy().generation() && kind.strategy().changesGeneration(next, live)) {
          SystemFields.bump(next);
        }
      }
      case "status" -> {
        for (String field : live.keySet()) {
          if (!field.equals("status") && !field.equals("metadata")) {
            keep(next, live, field);
          }
        }
        next.keySet()
            .removeIf(
                field ->
                    !live.containsKey(field)
                        && !field.equals("status")
                        && !field.equals("metadata"));
        kind.strategy().prepareForStatusUpdate(next, live);
      }
      case "binding" -> {
        // Where a pod runs is no wish of its owner's: the generation stays.
      }
      default -> {
        if (kind.strategy().generation() && kind.strategy().changesGeneration(next, live)) {
          SystemFields.bump(next);
        }
      }
    }
  }

  private static void keep(Tree next, Tree live, String field) {
    switch (live.get(field)) {
      case null -> next.remove(field);
      case Tree tree -> next.put(field, tree.copy());
      case io.bulwark.api.tree.TreeList list -> next.put(field, list.copy());
      case Object value -> next.put(field, value);
    }
  }

  private @Nullable Tree store(Write write, Tree next, Entry entry) {
    Kind kind = write.kind();
    byte[] bytes = Objects.bytes(kind, next);
    if (Arrays.equals(bytes, entry.value()) && !vanishes(kind, next)) {
      return Objects.withRevision(next, entry.revision());
    }
    if (write.dryRun()) {
      return next;
    }
    if (vanishes(kind, next)) {
      return switch (objects.store().delete(entry.key(), entry.revision())) {
        case Store.Written.Done done -> {
          allocations.apply(kind).release(next);
          yield Objects.withRevision(next, done.entry().revision());
        }
        case Store.Written.Lost lost -> null;
      };
    }
    return switch (objects
        .store()
        .update(entry.key(), entry.revision(), bytes, kind.strategy().lifetime())) {
      case Store.Written.Done done -> Objects.withRevision(next, done.entry().revision());
      case Store.Written.Lost lost -> null;
    };
  }

  /** Whether an object that was waiting for its finalizers has lost the last one. */
  private static boolean vanishes(Kind kind, Tree next) {
    return Meta.terminating(next)
        && Meta.finalizers(next).isEmpty()
        && next.number(0, "metadata", "deletionGracePeriodSeconds") == 0
        && !kind.strategy().held(next);
  }
}
