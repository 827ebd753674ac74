package io.bulwark.cluster.controller.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of one resource belong to which controller. What the selector matches and nobody
 * owns is adopted; what it no longer matches is released.
 */
public final class Ownership {
  private static final String CONTROLLER = "controller";

  private final ApiClient client;
  private final Resource ownerResource;
  private final Informer dependents;
  private final @Nullable String finalizer;

  /**
   * @param ownerResource of the controllers
   * @param dependents of what they own
   */
  public Ownership(ApiClient client, Resource ownerResource, Informer dependents) {
    this(client, ownerResource, dependents, null);
  }

  /**
   * @param finalizer that dependents get when they are adopted, and lose when they are released;
   *     null for none
   */
  public Ownership(
      ApiClient client, Resource ownerResource, Informer dependents, @Nullable String finalizer) {
    this.finalizer = finalizer;
    this.client = client;
    this.ownerResource = ownerResource;
    this.dependents = dependents;
    dependents.addIndex(CONTROLLER, Ownership::controllerIndex);
  }

  private static List<String> controllerIndex(Tree object) {
    Tree controller = Meta.controllerOf(object);
    return List.of(
        controller == null ? "orphans/" + Meta.namespace(object) : controller.textOrEmpty("uid"));
  }

  /** What has this owner as its controller, whatever its labels. */
  public List<Tree> ownedBy(String ownerUid) {
    return dependents.byIndex(CONTROLLER, ownerUid);
  }

  /** What belongs to the owner after adopting and releasing. */
  public List<Tree> claim(Tree owner, LabelSelector selector) {
    List<Tree> claimed = new ArrayList<>();
    boolean leaving = Meta.terminating(owner);
    for (Tree dependent : ownedBy(Meta.uid(owner))) {
      if (!Meta.namespace(dependent).equals(Meta.namespace(owner))) {
        continue;
      }
      if (selector.matchesObject(dependent)) {
        claimed.add(dependent);
      } else if (!leaving) {
        release(owner, dependent);
      }
    }
    if (leaving) {
      return claimed;
    }
    boolean[] live = new boolean[1];
    for (Tree orphan : dependents.byIndex(CONTROLLER, "orphans/" + Meta.namespace(owner))) {
      if (selector.matchesObject(orphan) && !Meta.terminating(orphan)) {
        Tree adopted = adopt(owner, orphan, live);
        if (adopted != null) {
          claimed.add(adopted);
        }
      }
    }
    return claimed;
  }

  private @Nullable Tree adopt(Tree owner, Tree orphan, boolean[] checkedLive) {
    if (!checkedLive[0]) {
      Tree live = client.get(ownerResource, Meta.namespace(owner), Meta.name(owner));
      if (!Meta.uid(live).equals(Meta.uid(owner)) || Meta.terminating(live)) {
        throw new IllegalStateException(
            Meta.key(owner) + " was deleted; it cannot adopt " + Meta.name(orphan));
      }
      checkedLive[0] = true;
    }
    Tree patch =
        Tree.of(
            "metadata",
            Tree.of(
                "ownerReferences",
                TreeList.of(Meta.controllerReference(owner)),
                "uid",
                Meta.uid(orphan)));
    if (finalizer != null) {
      patch.set(TreeList.of(finalizer), "metadata", "finalizers");
    }
    try {
      return patch(orphan, patch);
    } catch (ApiException refused) {
      if (refused.notFound()) {
        return null;
      }
      throw refused;
    }
  }

  private void release(Tree owner, Tree dependent) {
    Tree patch =
        Tree.of(
            "metadata",
            Tree.of(
                "ownerReferences",
                TreeList.of(Tree.of("$patch", "delete", "uid", Meta.uid(owner))),
                "uid",
                Meta.uid(dependent)));
    if (finalizer != null) {
      patch.set(TreeList.of(finalizer), "metadata", "$deleteFromPrimitiveList/finalizers");
    }
    try {
      patch(dependent, patch);
    } catch (ApiException refused) {
      // 404: gone. 422: another object has its name, or the reference is already gone.
      if (!refused.notFound() && refused.code() != 422) {
        throw refused;
      }
    }
  }

  private Tree patch(Tree dependent, Tree patch) {
    return client.patch(
        dependents.resource(),
        Meta.namespace(dependent),
        Meta.name(dependent),
        null,
        PatchType.STRATEGIC,
        patch,
        Query.none());
  }
}
