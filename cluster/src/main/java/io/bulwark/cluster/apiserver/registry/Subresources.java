package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The subresources that change an object in a way of their own. */
final class Subresources {
  private final Objects objects;
  private final Stages stages;
  private final Update update;
  private final Deletion deletion;
  private final SystemFields system;
  private final DisruptionBudgets budgets;

  Subresources(
      Objects objects, Stages stages, Update update, Deletion deletion, SystemFields system) {
    this.objects = objects;
    this.stages = stages;
    this.update = update;
    this.deletion = deletion;
    this.system = system;
    this.budgets = new DisruptionBudgets(objects.store(), system);
  }

  Reply write(Write write) {
    return switch (write.subresource()) {
      case "status" -> main(write);
      case "scale" -> scale(write);
      case "binding" -> bind(write);
      case "eviction" -> evict(write);
      case "finalize" -> finalizers(write);
      case "approval" -> approve(write);
      case "ephemeralcontainers" -> ephemeralContainers(write);
      case "resize" -> resize(write);
      default -> throw Registry.unsupported(write);
    };
  }

  /** A change whose body is the object itself. */
  private Reply main(Write write) {
    return update.run(write, bodyOrPatch(write));
  }

  private Change bodyOrPatch(Write write) {
    return switch (write.info().verb()) {
      case "patch" -> Registry.patchOf(write, stages);
      case "update" -> {
        Tree body = stages.decode(write);
        yield live -> body.copy();
      }
      default -> throw Registry.unsupported(write);
    };
  }

  /** A change that takes only a part of the body or of the patched object. */
  private Reply part(Write write, java.util.function.BinaryOperator<Tree> take) {
    Change whole = bodyOrPatch(write);
    return update.run(
        write,
        new Change() {
          @Override
          public Tree next(@Nullable Tree live) {
            Tree wanted = whole.next(live);
            Tree next = take.apply(wanted, existing(live));
            SystemFields.sameAsUrl(write, wanted);
            String version = Meta.resourceVersion(wanted);
            if (!version.isEmpty()) {
              next.set(version, "metadata", "resourceVersion");
            }
            return next;
          }

          @Override
          public boolean applies() {
            return whole.applies();
          }
        });
  }

  private Reply finalizers(Write write) {
    return part(
        write,
        (wanted, live) -> {
          Tree next = live.copy();
          next.child("spec").put("finalizers", wanted.list("spec", "finalizers").copy());
          return next;
        });
  }

  private Reply approve(Write write) {
    return part(write, (wanted, live) -> CertificateRequests.approve(wanted, live, system.now()));
  }

  private Reply ephemeralContainers(Write write) {
    return part(
        write,
        (wanted, live) -> {
          Tree next = live.copy();
          next.child("spec")
              .put("ephemeralContainers", wanted.list("spec", "ephemeralContainers").copy());
          return next;
        });
  }

  private Reply resize(Write write) {
    return part(write, PodResize::applied);
  }

  private Reply scale(Write write) {
    Write body = write.on(Scale.KIND);
    return switch (write.info().verb()) {
      case "patch" -> {
        Change patch = Registry.patchOf(body, stages);
        yield patch.applies()
            ? scaled(write, live -> appliedScale(patch, live), true)
            : scaled(
                write, live -> Scale.applied(patch.next(Scale.of(live).freeze()), live), false);
      }
      case "update" -> {
        Tree wanted = stages.decode(body);
        SystemFields.sameAsUrl(write, wanted);
        yield scaled(write, live -> Scale.applied(wanted, live), false);
      }
      default -> throw Registry.unsupported(write);
    };
  }

  private Reply scaled(Write write, UnaryOperator<Tree> next, boolean applies) {
    Change change =
        new Change() {
          @Override
          public Tree next(@Nullable Tree live) {
            return next.apply(existing(live));
          }

          @Override
          public boolean applies() {
            return applies;
          }
        };
    Reply changed = update.run(write, change);
    return new Reply(changed.status(), Scale.of(changed.object()), Scale.KIND);
  }

  private static Tree appliedScale(Change patch, Tree live) {
    Tree scale = Scale.of(live);
    scale.set(ScaleOwners.ofScale(live), "metadata", "managedFields");
    Tree applied = patch.next(scale.freeze());
    Tree workload = Scale.applied(applied, live);
    workload.set(
        ScaleOwners.ofWorkload(live, applied.trees("metadata", "managedFields")),
        "metadata",
        "managedFields");
    return workload;
  }

  /** Binds the pod that is named; the body is a Binding. */
  Reply bind(Write write) {
    Tree binding =
        stages
            .bodies()
            .read(
                write.incoming(),
                new GroupVersionKind("", "v1", "Binding"),
                "io.k8s.api.core.v1.Binding")
            .tree();
    if (Meta.name(binding).isEmpty()) {
      binding.set(write.name(), "metadata", "name");
    }
    SystemFields.placeInNamespace(binding, write.namespace());
    SystemFields.sameAsUrl(write, binding);
    Bindings.check(binding);
    AdmissionRequest admission =
        write.admission(AdmissionRequest.Operation.CREATE, write.name(), binding, null);
    stages.admission().mutate(admission);
    stages.admission().validate(admission);
    update.run(write, live -> Bindings.bound(existing(live), binding, system.now()));
    return new Reply(201, Statuses.success(new Tree()).drop("details").set(201, "code"), null);
  }

  /** Deletes a pod, unless a budget forbids. */
  private Reply evict(Write write) {
    Tree eviction =
        stages.decodeAny(
            write.incoming(),
            List.of(
                new GroupVersionKind("policy", "v1", "Eviction"),
                new GroupVersionKind("policy", "v1beta1", "Eviction")),
            "io.k8s.api.policy.v1.Eviction");
    if (Meta.name(eviction).isEmpty()) {
      eviction.set(write.name(), "metadata", "name");
    }
    SystemFields.sameAsUrl(write, eviction);
    Tree pod =
        Objects.read(write.kind(), objects.get(write.kind(), write.namespace(), write.name()));
    AdmissionRequest admission =
        write.admission(AdmissionRequest.Operation.CREATE, write.name(), eviction, null);
    stages.admission().mutate(admission);
    stages.admission().validate(admission);
    Tree options = eviction.treeOrEmpty("deleteOptions").copy();
    if (write.dryRun()) {
      options.put("dryRun", write.options().tree().list("dryRun").copy());
    }
    budgets.spend(pod, write.dryRun());
    if (!write.dryRun() && !write.kind().strategy().deletesAtOnce(pod)) {
      // A budget-aware controller must see why the pod goes, before it goes.
      update.run(write, live -> Evictions.marked(existing(live), system.now()));
    }
    deletion.run(write.with(new WriteOptions(options).checked()));
    return new Reply(201, Statuses.success(new Tree()).drop("details").set(201, "code"), null);
  }

  private static Tree existing(@Nullable Tree live) {
    if (live == null) {
      throw new IllegalStateException("only an existing object has subresources");
    }
    return live;
  }
}
