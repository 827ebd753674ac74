package io.bulwark.cluster.controller.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Informer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a controller for the objects that it works on: when they change, when what they own comes,
 * changes or goes, and when something comes that they may adopt. Keeps its expectations by the way.
 *
 * <p>Source: kubernetes pkg/controller/replicaset, addPod, updatePod and deletePod.
 */
public final class Owners {
  private final Informer owners;
  private final Function<Tree, LabelSelector> selector;
  private final @Nullable Expectations expectations;
  private final Consumer<String> wake;

  /**
   * @param selector of an owner: what it may adopt
   * @param expectations of dependents by the owner's key; null where the controller has none
   * @param wake takes the key of an owner; called on the informers' threads
   */
  public Owners(
      Informer owners,
      Function<Tree, LabelSelector> selector,
      @Nullable Expectations expectations,
      Consumer<String> wake) {
    this.owners = owners;
    this.selector = selector;
    this.expectations = expectations;
    this.wake = wake;
  }

  /** The selector of kinds that have a LabelSelector in their spec. */
  public static LabelSelector selector(Tree owner) {
    return LabelSelector.of(owner.treeOrEmpty("spec", "selector"));
  }

  /** Begins to listen, to the owners first. */
  public void follow(Informer dependents) {
    owners.onChange(this::ownerChanged);
    dependents.onChange(this::dependentChanged);
  }

  /** The cached owner that is the controller of an object, or null. */
  public @Nullable Tree of(Tree dependent) {
    Tree reference = Meta.controllerOf(dependent);
    if (reference == null || !owners.resource().kind().equals(reference.text("kind"))) {
      return null;
    }
    Tree owner = owners.get(Meta.namespace(dependent), reference.textOrEmpty("name"));
    return owner != null && Meta.uid(owner).equals(reference.text("uid")) ? owner : null;
  }

  private void ownerChanged(@Nullable Tree before, @Nullable Tree after) {
    if (expectations != null
        && before != null
        && (after == null || !Meta.uid(before).equals(Meta.uid(after)))) {
      expectations.forget(Meta.key(before));
    }
    Tree owner = after == null ? before : after;
    if (owner != null) {
      wake.accept(Meta.key(owner));
    }
  }

  private void dependentChanged(@Nullable Tree before, @Nullable Tree after) {
    Tree dependent = after == null ? before : after;
    if (dependent == null
        || (before != null
            && after != null
            && Meta.resourceVersion(before).equals(Meta.resourceVersion(after)))) {
      return;
    }
    Tree owner = of(dependent);
    Tree former = before == null ? null : of(before);
    if (former != null && former != owner) {
      wake.accept(Meta.key(former));
    }
    if (owner != null) {
      note(Meta.key(owner), before, dependent, after == null);
      wake.accept(Meta.key(owner));
    } else if (after != null && adoptable(before, after)) {
      owners.list(Meta.namespace(after)).stream()
          .filter(each -> selector.apply(each).matchesObject(after))
          .forEach(each -> wake.accept(Meta.key(each)));
    }
  }

  private void note(String owner, @Nullable Tree before, Tree dependent, boolean gone) {
    if (expectations == null) {
      return;
    }
    if (gone || Meta.terminating(dependent)) {
      expectations.deleted(owner, Meta.uid(dependent));
    } else if (before == null) {
      expectations.created(owner);
    }
  }

  /** Nobody's, and not so, or not with these labels, before. */
  private static boolean adoptable(@Nullable Tree before, Tree after) {
    return Meta.controllerOf(after) == null
        && !Meta.terminating(after)
        && (before == null
            || Meta.controllerOf(before) != null
            || !Meta.labels(before).equals(Meta.labels(after)));
  }
}
