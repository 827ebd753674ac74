package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.PatchType;
import io.bulwark.cluster.apiserver.decode.FieldValidation;
import io.bulwark.cluster.apiserver.decode.PatchRequest;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that change objects, for every kind. Takes only what authorization let through; drives
 * decoding, admission and validation; alone writes to the store. Thread-safe.
 */
public final class Registry {
  private final Kinds kinds;
  private final Stages stages;
  private final Objects objects;
  private final Creation creation;
  private final Update update;
  private final Deletion deletion;
  private final CollectionDeletion collections;
  private final Subresources subresources;

  /**
   * @param addresses what Services are given
   */
  public Registry(
      Store store,
      Kinds kinds,
      Stages stages,
      ServiceAddresses addresses,
      InstantSource clock,
      RandomGenerator random) {
    this.kinds = kinds;
    this.stages = stages;
    this.objects = new Objects(store);
    SystemFields system = new SystemFields(clock, random);
    Function<Kind, Allocation> allocations =
        kind -> ServiceAddresses.concerns(kind) ? addresses : Allocation.NONE;
    Function<Write, QuotaCharges> quotas = write -> new QuotaCharges(store, clock, write);
    this.creation = new Creation(objects, stages, system, allocations, quotas);
    this.update = new Update(objects, stages, creation, allocations, quotas);
    this.deletion = new Deletion(objects, stages, system, allocations);
    this.collections = new CollectionDeletion(objects, deletion);
    this.subresources = new Subresources(objects, stages, update, deletion, system);
  }

  /**
   * Serves {@code create}, {@code update}, {@code patch}, {@code delete} and {@code
   * deletecollection} of objects, and of the subresources that change them.
   *
   * @throws io.bulwark.api.failure.Rejected if any stage refuses; nothing was then stored
   */
  public Reply write(Write write) {
    if (!write.subresource().isEmpty()) {
      return subresources.write(write);
    }
    if (write.kind().resource().kind().equals("Binding")) {
      return subresources.bind(binding(write));
    }
    return switch (write.info().verb()) {
      case "create" -> creation.create(write);
      case "update" -> replace(write);
      case "patch" -> patch(write);
      case "delete" -> deletion.delete(withBody(write));
      case "deletecollection" -> collections.delete(withBody(write));
      default -> throw unsupported(write);
    };
  }

  /** The Scale of a workload, as GET of the subresource shows it. */
  public Reply scale(Kind kind, String namespace, String name) {
    Tree scale = Scale.of(Objects.read(kind, objects.get(kind, namespace, name)));
    return new Reply(200, scale, Scale.KIND);
  }

  /** A Binding that was posted by itself, as the subresource of the pod that it names. */
  private Write binding(Write write) {
    Kind pods = kinds.find("", "v1", "pods");
    if (pods == null) {
      throw new Failure.NoSuchPath().rejected();
    }
    RequestInfo info = write.info();
    RequestInfo subresource =
        new RequestInfo(
            true,
            info.path(),
            "create",
            "",
            "v1",
            info.namespace(),
            "pods",
            "binding",
            Meta.name(stages.decode(write)),
            "");
    return new Write(write.request(), subresource, pods, write.options(), write.notes());
  }

  private Reply replace(Write write) {
    Tree body = stages.decode(write);
    SystemFields.sameAsUrl(write, body);
    boolean creates = write.kind().strategy().createOnUpdate();
    return update.run(
        write,
        new Change() {
          @Override
          public Tree next(@Nullable Tree live) {
            return body.copy();
          }

          @Override
          public boolean creates() {
            return creates;
          }
        });
  }

  private Reply patch(Write write) {
    return update.run(write, patchOf(write, stages));
  }

  /** The change that the body of a PATCH describes. */
  static Change patchOf(Write write, Stages stages) {
    PatchType type = PatchTypes.of(write.incoming());
    FieldValidation validation = FieldValidation.of(write.incoming());
    PatchTypes.check(type, write.options());
    return type == PatchType.APPLY
        ? new Applied(write, stages, validation)
        : new Patched(write, stages, new PatchRequest(type, write.incoming().body(), validation));
  }

  private record Patched(Write write, Stages stages, PatchRequest patch) implements Change {
    @Override
    public Tree next(@Nullable Tree live) {
      if (live == null) {
        throw new Failure.NotFound(write.groupResource(), write.name()).rejected();
      }
      boolean bare = write.subresource().equals("status") && !live.has("status");
      // Upstream's objects always have a status, if an empty one, and JSON patches count on it.
      Tree base =
          bare && patch.type() == PatchType.JSON ? live.copy().set(new Tree(), "status") : live;
      var patched = stages.patches().apply(patch, base, write.kind());
      patched.warnings().forEach(write.notes()::warn);
      return patched.tree();
    }
  }

  private record Applied(Write write, Stages stages, FieldValidation validation) implements Change {
    @Override
    public Tree next(@Nullable Tree live) {
      var merged =
          stages
              .managedFields()
              .apply(
                  live,
                  write.incoming().body(),
                  validation,
                  write.kind(),
                  write.subresource(),
                  write.options().manager(write.incoming()),
                  write.options().force());
      merged.warnings().forEach(write.notes()::warn);
      return merged.tree();
    }

    @Override
    public boolean applies() {
      return true;
    }

    @Override
    public boolean creates() {
      return write.subresource().isEmpty();
    }
  }

  private Write withBody(Write write) {
    return deleteOptions(write, stages);
  }

  /** The write with the DeleteOptions of its body, where it has one. */
  static Write deleteOptions(Write write, Stages stages) {
    if (write.incoming().body().length == 0) {
      return write;
    }
    Resource resource = write.kind().resource();
    Tree options =
        stages.decodeAny(
            write.incoming(),
            List.of(
                new GroupVersionKind("", "v1", "DeleteOptions"),
                new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions"),
                new GroupVersionKind(resource.group(), resource.version(), "DeleteOptions")),
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");
    return write.with(new WriteOptions(options).checked());
  }

  static RuntimeException unsupported(Write write) {
    return new Failure.MethodNotAllowed(
            write.groupResource(), write.info().verb().toLowerCase(Locale.ROOT))
        .rejected();
  }
}
