package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** POST of a new object. */
final class Creation {
  private static final int NAME_ATTEMPTS = 8;

  private final Objects objects;
  private final Stages stages;
  private final SystemFields system;
  private final Function<Kind, Allocation> allocations;
  private final Function<Write, QuotaCharges> quotas;

  Creation(
      Objects objects,
      Stages stages,
      SystemFields system,
      Function<Kind, Allocation> allocations,
      Function<Write, QuotaCharges> quotas) {
    this.objects = objects;
    this.stages = stages;
    this.system = system;
    this.allocations = allocations;
    this.quotas = quotas;
  }

  Reply create(Write write) {
    Tree object = stages.decode(write);
    SystemFields.placeInNamespace(object, write.namespace());
    return new Reply(201, create(write, object, false), write.kind());
  }

  /**
   * Stores a decoded object under the name that it has or asks to be given.
   *
   * @param applied whether its managed fields are already right
   */
  Tree create(Write write, Tree decoded, boolean applied) {
    if (!write.dryRun() && !Meta.resourceVersion(decoded).isEmpty()) {
      throw new Failure.Ready(500, versionOnCreate()).rejected();
    }
    String base = decoded.textOrEmpty("metadata", "generateName");
    boolean generated = Meta.name(decoded).isEmpty() && !base.isEmpty();
    for (int attempt = 1; ; attempt++) {
      Tree object = decoded.copy();
      if (generated) {
        object.set(system.generate(base), "metadata", "name");
      }
      Tree stored = attempt(write, object, applied);
      if (stored != null) {
        return stored;
      }
      if (!generated || attempt == NAME_ATTEMPTS) {
        throw new Failure.AlreadyExists(write.groupResource(), Meta.name(object)).rejected();
      }
    }
  }

  /** The stored object, or null where the name is taken. */
  private @Nullable Tree attempt(Write write, Tree object, boolean applied) {
    Kind kind = write.kind();
    system.fillNew(kind, object);
    stages.defaults().apply(kind, object);
    // Before admission: as with upstream, nobody owns the fields that admission adds.
    if (!applied) {
      stages
          .managedFields()
          .update(
              null, object, kind, write.subresource(), write.options().manager(write.incoming()));
    }
    AdmissionRequest admission =
        write.admission(AdmissionRequest.Operation.CREATE, Meta.name(object), object, null);
    stages.admission().mutate(admission);
    stages.defaults().apply(kind, object);
    if (kind.hasSubresource("status") && !kind.strategy().statusOnCreate()) {
      object.remove("status");
    }
    CertificateRequests.stampRequestor(kind, object, write.subject());
    kind.strategy().prepareForCreate(object);
    stages.defaults().complete(kind, object);
    Stages.refuse(kind, Meta.name(object), stages.validator().validate(kind, object));
    kind.strategy().warnings(object).forEach(write.notes()::warn);
    Allocation.Claim claim = allocations.apply(kind).claim(object, null, write.dryRun());
    Allocation.Claim charge = Allocation.Claim.NOTHING;
    Tree stored = null;
    try {
      stages.admission().validate(admission);
      // Last, as upstream: what a plug-in or a webhook refuses costs no quota, not for a moment.
      charge = quotas.apply(write).claim(object, null);
      stored = store(write, object);
      return stored;
    } finally {
      boolean kept = stored != null && !write.dryRun();
      claim.end(kept);
      charge.end(kept);
    }
  }

  private @Nullable Tree store(Write write, Tree object) {
    Kind kind = write.kind();
    String key = kind.key(write.namespace(), Meta.name(object));
    if (write.dryRun()) {
      return objects.store().get(key) == null ? object : null;
    }
    return switch (objects
        .store()
        .create(key, Objects.bytes(kind, object), kind.strategy().lifetime())) {
      case Store.Written.Done done -> Objects.withRevision(object, done.entry().revision());
      case Store.Written.Lost taken -> null;
    };
  }

  private static Tree versionOnCreate() {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Status",
        "metadata", new Tree(),
        "status", "Failure",
        "message", "resourceVersion should not be set on objects to be created",
        "code", 500);
  }
}
