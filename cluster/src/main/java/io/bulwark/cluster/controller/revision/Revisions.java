package io.bulwark.cluster.controller.revision;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.Ownership;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The revisions of one kind of owner: each a patch that puts an earlier template back.
 *
 * <p>Source: kubernetes pkg/controller/history.
 */
public final class Revisions {
  /** On revisions and on pods: which template. */
  public static final String HASH = "controller-revision-hash";

  /** On revisions whose pods are labelled with their names. */
  private static final String OWN_HASH = "controller.kubernetes.io/hash";

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final Comparator<Tree> ORDER =
      Comparator.<Tree>comparingLong(revision -> revision.number(0, "revision"))
          .thenComparing(Meta::name);

  private final ControllerContext context;
  private final Informer revisions;
  private final Ownership ownership;
  private final boolean namedByHash;

  /**
   * @param namedByHash whether the label on pods is the hash alone, not the revision's name
   */
  public Revisions(ControllerContext context, Resource owners, boolean namedByHash) {
    this.context = context;
    this.namedByHash = namedByHash;
    this.revisions = context.informers().of(Resources.CONTROLLER_REVISIONS);
    this.ownership = new Ownership(context.client(), owners, revisions);
  }

  public boolean synced() {
    return revisions.synced();
  }

  /** What the label of a pod of this revision says. */
  public String label(Tree revision) {
    return namedByHash ? String.valueOf(Meta.label(revision, HASH)) : Meta.name(revision);
  }

  /** The owner's revisions, oldest first. */
  public List<Tree> of(Tree owner) {
    LabelSelector selector = LabelSelector.of(owner.treeOrEmpty("spec", "selector"));
    return ownership.claim(owner, selector).stream().sorted(ORDER).toList();
  }

  /** The revision of the owner's template; made, or made the newest, where need be. */
  public Tree current(Tree owner, List<Tree> known) {
    Tree data = data(owner);
    long newest = known.isEmpty() ? 0 : known.getLast().number(0, "revision");
    for (Tree revision : known.reversed()) {
      if (revision.treeOrEmpty("data").equals(data)) {
        if (revision.number(0, "revision") == newest) {
          return revision;
        }
        Tree raised = revision.copy();
        raised.put("revision", newest + 1);
        return context.client().update(Resources.CONTROLLER_REVISIONS, raised);
      }
    }
    return make(owner, data, newest + 1);
  }

  private Tree make(Tree owner, Tree data, long number) {
    for (long probe = owner.number(0, "status", "collisionCount"); ; probe++) {
      String hash = hash(data, probe);
      Tree labels = owner.treeOrEmpty("spec", "template", "metadata", "labels").copy();
      labels.put(namedByHash ? HASH : OWN_HASH, hash);
      Tree metadata =
          Tree.of(
              "name",
              Meta.name(owner) + "-" + hash,
              "namespace",
              Meta.namespace(owner),
              "labels",
              labels,
              "ownerReferences",
              TreeList.of(Meta.controllerReference(owner)));
      Tree annotations = owner.treeOrEmpty("metadata", "annotations");
      if (!annotations.isEmpty()) {
        metadata.put("annotations", annotations.copy());
      }
      Tree wanted =
          Tree.of(
              "apiVersion", "apps/v1",
              "kind", "ControllerRevision",
              "metadata", metadata,
              "data", data,
              "revision", number);
      try {
        return context
            .client()
            .create(Resources.CONTROLLER_REVISIONS, Meta.namespace(owner), wanted);
      } catch (ApiException refused) {
        if (!refused.alreadyExists()) {
          throw refused;
        }
        Tree taken =
            context
                .client()
                .get(Resources.CONTROLLER_REVISIONS, Meta.namespace(owner), Meta.name(wanted));
        if (taken.treeOrEmpty("data").equals(data)) {
          return taken;
        }
      }
    }
  }

  /** Deletes the oldest that no pod is of, beyond the history that the owner keeps. */
  public void truncate(Tree owner, List<Tree> known, Set<String> live) {
    List<Tree> old = known.stream().filter(revision -> !live.contains(label(revision))).toList();
    long surplus = old.size() - owner.number(10, "spec", "revisionHistoryLimit");
    for (int i = 0; i < surplus; i++) {
      Tree gone = old.get(i);
      try {
        context
            .client()
            .delete(Resources.CONTROLLER_REVISIONS, Meta.namespace(gone), Meta.name(gone), null);
      } catch (ApiException refused) {
        if (!refused.notFound()) {
          throw refused;
        }
      }
    }
  }

  /** The patch that puts the owner's template back, with the fields that Go never leaves out. */
  static Tree data(Tree owner) {
    Tree template = owner.treeOrEmpty("spec", "template").copy();
    template.child("metadata").remove("creationTimestamp");
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      template.trees("spec", list).forEach(container -> container.child("resources"));
    }
    template.put("$patch", "replace");
    return Tree.of("spec", Tree.of("template", template));
  }

  /** The template that a revision holds. */
  public static Tree template(Tree revision) {
    Tree template = revision.treeOrEmpty("data", "spec", "template").copy();
    template.remove("$patch");
    return template;
  }

  private static String hash(Tree data, long probe) {
    int hash = fnv(0x811c9dc5, Json.write(data));
    if (probe > 0) {
      hash = fnv(hash, Long.toString(probe).getBytes(StandardCharsets.US_ASCII));
    }
    StringBuilder name = new StringBuilder(10);
    for (byte digit : Integer.toUnsignedString(hash).getBytes(StandardCharsets.US_ASCII)) {
      name.append(ALPHABET.charAt(digit % ALPHABET.length()));
    }
    return name.toString();
  }

  private static int fnv(int start, byte[] bytes) {
    int hash = start;
    for (byte next : bytes) {
      hash = (hash ^ (next & 0xff)) * 0x01000193;
    }
    return hash;
  }
}
