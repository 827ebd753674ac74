package io.bulwark.cluster.controller.deployment;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.Owners;
import io.bulwark.cluster.controller.pod.Ownership;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves the pods of Deployments from one template to the next.
 *
 * <p>Source: kubernetes pkg/controller/deployment.
 */
public final class DeploymentController implements Component {
  /** The service account, and the source of events. */
  public static final String NAME = "deployment-controller";

  private final ControllerContext context;
  private final Informer deployments;
  private final Informer sets;
  private final Informer pods;
  private final Ownership ownership;
  private final Ownership podOwnership;
  private final ControllerLoop<String> loop;
  private final Owners owners;

  public DeploymentController(ControllerContext context, int workers) {
    this.context = context;
    this.deployments = context.informers().of(Resources.DEPLOYMENTS);
    this.sets = context.informers().of(Resources.REPLICA_SETS);
    this.pods = context.informers().of(Resources.PODS);
    this.ownership = new Ownership(context.client(), Resources.DEPLOYMENTS, sets);
    this.podOwnership = new Ownership(context.client(), Resources.REPLICA_SETS, pods);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    this.owners = new Owners(deployments, Owners::selector, null, loop::add);
  }

  @Override
  public void start() {
    owners.follow(sets);
    pods.onChange(this::podChanged);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  /** Only Recreate waits for pods to be gone. */
  private void podChanged(@Nullable Tree before, @Nullable Tree after) {
    if (before == null || after != null) {
      return;
    }
    Tree reference = Meta.controllerOf(before);
    if (reference == null || !"ReplicaSet".equals(reference.text("kind"))) {
      return;
    }
    Tree set = sets.get(Meta.namespace(before), reference.textOrEmpty("name"));
    Tree owner = set == null ? null : Meta.controllerOf(set);
    if (owner == null) {
      return;
    }
    Tree deployment = deployments.get(Meta.namespace(before), owner.textOrEmpty("name"));
    if (deployment != null && !Rollout.of(deployment).rolling()) {
      loop.add(Meta.key(deployment));
    }
  }

  private @Nullable Duration reconcile(String key) {
    if (!deployments.synced() || !sets.synced() || !pods.synced()) {
      return Duration.ofMillis(20);
    }
    Tree deployment = deployments.get(key);
    if (deployment == null) {
      return null;
    }
    LabelSelector selector = LabelSelector.of(deployment.tree("spec", "selector"));
    if (selector.matchesEverything()) {
      context
          .events()
          .warning(
              deployment,
              "SelectingAll",
              "This deployment is selecting all pods. A non-empty selector is required.");
      return null;
    }
    List<RevisionedSet> owned = new ArrayList<>();
    for (Tree set : ownership.claim(deployment, selector)) {
      owned.add(new RevisionedSet(set));
    }
    return new DeploymentPass(context, deployment.copy(), owned, podOwnership).run();
  }
}
