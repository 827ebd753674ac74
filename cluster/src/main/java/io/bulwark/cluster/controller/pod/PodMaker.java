package io.bulwark.cluster.controller.pod;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.cluster.controller.loop.Refusals;

/** Makes and deletes the pods of controllers, and tells of it in events. */
public final class PodMaker {
  private static final int LONGEST_PREFIX = 58;

  private final ApiClient client;
  private final EventRecorder events;

  public PodMaker(ApiClient client, EventRecorder events) {
    this.client = client;
    this.events = events;
  }

  /** The pod that an owner's template describes, with a name for the server to complete. */
  public static Tree fromTemplate(Tree owner, Tree template) {
    Tree metadata = new Tree();
    String prefix = Meta.name(owner) + "-";
    metadata.put("generateName", prefix.length() <= LONGEST_PREFIX ? prefix : Meta.name(owner));
    metadata.put("namespace", Meta.namespace(owner));
    for (String copied : new String[] {"labels", "annotations", "finalizers"}) {
      Object value = template.at("metadata", copied);
      switch (value) {
        case Tree tree -> metadata.put(copied, tree.copy());
        case TreeList list -> metadata.put(copied, list.copy());
        case null, default -> {}
      }
    }
    metadata.put("ownerReferences", TreeList.of(Meta.controllerReference(owner)));
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        metadata,
        "spec",
        template.treeOrEmpty("spec").copy());
  }

  public Tree create(Tree owner, Tree pod) {
    try {
      Tree made = client.create(Resources.PODS, Meta.namespace(owner), pod);
      events.normal(owner, "SuccessfulCreate", "Created pod: " + Meta.name(made));
      return made;
    } catch (ApiException refused) {
      if (!Refusals.namespaceTerminating(refused)) {
        events.warning(owner, "FailedCreate", "Error creating: " + refused.getMessage());
      }
      throw refused;
    }
  }

  public void delete(Tree owner, Tree pod) {
    try {
      client.delete(Resources.PODS, Meta.namespace(pod), Meta.name(pod), null);
      events.normal(owner, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod));
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        events.warning(owner, "FailedDelete", "Error deleting: " + refused.getMessage());
      }
      throw refused;
    }
  }
}
