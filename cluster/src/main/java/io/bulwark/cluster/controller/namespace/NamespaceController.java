package io.bulwark.cluster.controller.namespace;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Empties a namespace that is being deleted, says how far it got, and lets it go once it is empty.
 *
 * <p>Source: kubernetes pkg/controller/namespace.
 */
public final class NamespaceController implements Component {
  /** The service account. */
  public static final String NAME = "namespace-controller";

  private static final String FINALIZER = "kubernetes";

  private final ControllerContext context;
  private final Informer namespaces;
  private final Informer pods;
  private final Contents contents;
  private final ControllerLoop<String> loop;

  public NamespaceController(ControllerContext context, int workers) {
    this.context = context;
    this.namespaces = context.informers().of(Resources.NAMESPACES);
    this.pods = context.informers().of(Resources.PODS);
    this.contents = new Contents(context.client());
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    namespaces.onChange(
        (before, after) -> {
          if (after != null && Meta.terminating(after)) {
            loop.add(Meta.name(after));
          }
        });
    pods.onChange(
        (before, after) -> {
          if (before != null && after == null) {
            Tree namespace = namespaces.get(Meta.namespace(before));
            if (namespace != null && Meta.terminating(namespace)) {
              loop.add(Meta.name(namespace));
            }
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) {
    Tree namespace = context.client().find(Resources.NAMESPACES, null, name);
    if (namespace == null || !Meta.terminating(namespace)) {
      return null;
    }
    if (!"Terminating".equals(namespace.text("status", "phase"))) {
      namespace.set("Terminating", "status", "phase");
      namespace = context.client().updateStatus(Resources.NAMESPACES, namespace);
    }
    List<String> finalizers = namespace.texts("spec", "finalizers");
    if (!finalizers.contains(FINALIZER)) {
      return null;
    }
    Contents.Remains remains = contents.delete(name);
    Tree status = namespace.treeOrEmpty("status");
    Tree updated = DeletionConditions.update(status, remains, context.clock().instant());
    if (!updated.equals(status)) {
      Tree changed = namespace.copy();
      changed.put("status", updated);
      namespace = context.client().updateStatus(Resources.NAMESPACES, changed);
    }
    if (!remains.nothing()) {
      return remains.failures().isEmpty() && remains.discoveryFailure() == null
          ? Duration.ofMillis(500 * remains.seconds() + 500)
          : Duration.ofSeconds(1);
    }
    release(namespace, finalizers);
    return null;
  }

  private void release(Tree namespace, List<String> finalizers) {
    List<String> left = new ArrayList<>(finalizers);
    left.remove(FINALIZER);
    Tree finalized = namespace.copy();
    finalized.set(new TreeList(left), "spec", "finalizers");
    try {
      context.client().updateSubresource(Resources.NAMESPACES, finalized, "finalize");
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }
}
