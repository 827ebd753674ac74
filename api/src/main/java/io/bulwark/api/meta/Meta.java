package io.bulwark.api.meta;

import io.bulwark.api.tree.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the standard metadata of an object tree. Missing strings read as empty, missing maps and
 * lists as empty, so that callers need no null checks.
 */
public final class Meta {
  private static final String METADATA = "metadata";

  private Meta() {}

  public static String name(Tree object) {
    return object.textOrEmpty(METADATA, "name");
  }

  public static String namespace(Tree object) {
    return object.textOrEmpty(METADATA, "namespace");
  }

  public static String uid(Tree object) {
    return object.textOrEmpty(METADATA, "uid");
  }

  public static String resourceVersion(Tree object) {
    return object.textOrEmpty(METADATA, "resourceVersion");
  }

  public static long generation(Tree object) {
    return object.number(0, METADATA, "generation");
  }

  public static @Nullable String label(Tree object, String key) {
    return object.text(METADATA, "labels", key);
  }

  public static @Nullable String annotation(Tree object, String key) {
    return object.text(METADATA, "annotations", key);
  }

  public static Map<String, String> labels(Tree object) {
    return texts(object.treeOrEmpty(METADATA, "labels"));
  }

  public static Map<String, String> annotations(Tree object) {
    return texts(object.treeOrEmpty(METADATA, "annotations"));
  }

  public static List<String> finalizers(Tree object) {
    return object.texts(METADATA, "finalizers");
  }

  public static List<Tree> ownerReferences(Tree object) {
    return object.trees(METADATA, "ownerReferences");
  }

  /** The owner reference whose {@code controller} is true, or null. */
  public static @Nullable Tree controllerOf(Tree object) {
    for (Tree owner : ownerReferences(object)) {
      if (owner.flag("controller")) {
        return owner;
      }
    }
    return null;
  }

  /** Whether deletion was requested and has not ended. */
  public static boolean terminating(Tree object) {
    return object.text(METADATA, "deletionTimestamp") != null;
  }

  /** {@code namespace/name}, or {@code name} for a cluster-scoped object. */
  public static String key(Tree object) {
    String namespace = namespace(object);
    return namespace.isEmpty() ? name(object) : namespace + "/" + name(object);
  }

  /** An owner reference to an object that carries apiVersion and kind, as its controller. */
  public static Tree controllerReference(Tree owner) {
    return Tree.of(
        "apiVersion", owner.textOrEmpty("apiVersion"),
        "blockOwnerDeletion", true,
        "controller", true,
        "kind", owner.textOrEmpty("kind"),
        "name", name(owner),
        "uid", uid(owner));
  }

  private static Map<String, String> texts(Tree tree) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      if (tree.valueAt(i) instanceof String value) {
        texts.put(tree.keyAt(i), value);
      }
    }
    return texts;
  }
}
