package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * DELETE of one object: at once, or by marking it and waiting for its grace period and finalizers.
 *
 * <p>Source: the life of deleted objects as garbage collection, kubectl and pods rely on it.
 */
final class Deletion {
  private final Objects objects;
  private final Stages stages;
  private final SystemFields system;
  private final Function<Kind, Allocation> allocations;

  Deletion(
      Objects objects, Stages stages, SystemFields system, Function<Kind, Allocation> allocations) {
    this.objects = objects;
    this.stages = stages;
    this.system = system;
    this.allocations = allocations;
  }

  Reply delete(Write write) {
    Outcome outcome = run(write);
    Kind kind = write.kind();
    Tree options = write.options().tree();
    boolean waits = !outcome.gone() && options.has("orphanDependents");
    int code = waits && !options.flag("orphanDependents") ? 202 : 200;
    if (!(outcome.gone() || outcome.pending()) || kind.strategy().returnsDeleted()) {
      return new Reply(code, outcome.object(), kind);
    }
    Tree details = Tree.of("name", write.name(), "kind", kind.resource().resource());
    if (!kind.resource().group().isEmpty()) {
      details.put("group", kind.resource().group());
    }
    details.put("uid", Meta.uid(outcome.object()));
    return new Reply(code, Statuses.success(details), null);
  }

  /**
   * @param gone whether the object is no longer there; otherwise it waits
   * @param pending whether it waited already and nothing changed
   */
  record Outcome(boolean gone, boolean pending, Tree object) {}

  Outcome run(Write write) {
    while (true) {
      Entry entry = objects.get(write.kind(), write.namespace(), write.name());
      Tree live = Objects.read(write.kind(), entry).freeze();
      checkPreconditions(write, live);
      Outcome outcome = attempt(write, entry, live);
      if (outcome != null) {
        return outcome;
      }
    }
  }

  private @Nullable Outcome attempt(Write write, Entry entry, Tree live) {
    Kind kind = write.kind();
    stages
        .admission()
        .validate(write.admission(AdmissionRequest.Operation.DELETE, write.name(), null, live));
    Tree next = live.copy();
    if (!Grace.mark(kind, next, write.options().tree(), system)) {
      return new Outcome(false, true, next);
    }
    Propagation.apply(kind, next, write.options().tree());
    boolean held = !Meta.finalizers(next).isEmpty() || kind.strategy().held(next);
    if (held && !Meta.terminating(next)) {
      Grace.stamp(next, 0, system);
      if (kind.strategy().held(next)) {
        next.drop("metadata", "deletionGracePeriodSeconds");
      }
    }
    long grace = next.number(0, "metadata", "deletionGracePeriodSeconds");
    boolean waits = held || (Meta.terminating(next) && grace > 0);
    if (waits && kind.strategy().held(next) && next.tree("status") != null) {
      next.set("Terminating", "status", "phase");
    }
    if (write.dryRun()) {
      return new Outcome(!waits, false, next);
    }
    return waits ? mark(kind, next, entry) : remove(kind, next, entry);
  }

  private @Nullable Outcome mark(Kind kind, Tree next, Entry entry) {
    byte[] bytes = Objects.bytes(kind, next);
    if (Arrays.equals(bytes, entry.value())) {
      return new Outcome(false, false, next);
    }
    return switch (objects
        .store()
        .update(entry.key(), entry.revision(), bytes, kind.strategy().lifetime())) {
      case Store.Written.Done done ->
          new Outcome(false, false, Objects.withRevision(next, done.entry().revision()));
      case Store.Written.Lost lost -> null;
    };
  }

  private @Nullable Outcome remove(Kind kind, Tree next, Entry entry) {
    return switch (objects.store().delete(entry.key(), entry.revision())) {
      case Store.Written.Done done -> {
        allocations.apply(kind).release(next);
        yield new Outcome(true, false, Objects.withRevision(next, done.entry().revision()));
      }
      case Store.Written.Lost lost -> null;
    };
  }

  private static void checkPreconditions(Write write, Tree live) {
    Tree wanted = write.options().tree().treeOrEmpty("preconditions");
    String uid = wanted.text("uid");
    if (uid != null && !uid.equals(Meta.uid(live))) {
      throw conflict(
          write,
          "the UID in the precondition ("
              + uid
              + ") does not match the UID in record ("
              + Meta.uid(live)
              + "). The object might have been deleted and then recreated");
    }
    String version = wanted.text("resourceVersion");
    if (version != null && !version.equals(Meta.resourceVersion(live))) {
      throw conflict(
          write,
          "the ResourceVersion in the precondition ("
              + version
              + ") does not match the ResourceVersion in record ("
              + Meta.resourceVersion(live)
              + "). The object might have been modified");
    }
  }

  private static RuntimeException conflict(Write write, String detail) {
    // Named by its kind, as upstream does here and nowhere else.
    GroupResource kind =
        new GroupResource(write.kind().resource().group(), write.kind().resource().kind());
    return new Failure.Conflict(kind, write.name(), detail).rejected();
  }
}
