package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Rules of the metadata of every object.
 *
 * <p>Source: upstream's API reference of ObjectMeta.
 */
final class MetadataRules {
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;
  private static final Set<String> PLAIN_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  private MetadataRules() {}

  static void check(Kind kind, Tree object, Checks checks) {
    Tree metadata = object.treeOrEmpty("metadata");
    Function<String, List<String>> form = nameForm(kind);
    String prefix = metadata.textOrEmpty("generateName");
    if (!prefix.isEmpty()) {
      checks.syntax(
          "metadata.generateName",
          prefix,
          form.apply(
              prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix));
    }
    String name = metadata.textOrEmpty("name");
    if (name.isEmpty()) {
      checks.required("metadata.name", "name or generateName is required");
    } else {
      checks.syntax("metadata.name", name, form.apply(name));
    }
    String namespace = metadata.textOrEmpty("namespace");
    if (!kind.resource().namespaced()) {
      if (!namespace.isEmpty()) {
        checks.forbidden("metadata.namespace", "not allowed on this type");
      }
    } else if (namespace.isEmpty()) {
      checks.required("metadata.namespace", "");
    } else {
      checks.syntax("metadata.namespace", namespace, Syntax.label(namespace));
    }
    checks.notNegative(metadata, "generation", "metadata");
    labels(metadata.treeOrEmpty("labels"), "metadata.labels", checks);
    annotations(metadata.treeOrEmpty("annotations"), "metadata.annotations", checks);
    owners(metadata, checks);
    finalizers(metadata, checks);
  }

  private static Function<String, List<String>> nameForm(Kind kind) {
    return switch (kind.resource().groupVersionKind().groupKind().toString()) {
      case "Namespace" -> Syntax::label;
      case "Service" -> Syntax::rfc1035;
      case "Role.rbac.authorization.k8s.io",
          "RoleBinding.rbac.authorization.k8s.io",
          "ClusterRole.rbac.authorization.k8s.io",
          "ClusterRoleBinding.rbac.authorization.k8s.io" ->
          Syntax::pathSegment;
      case "IPAddress.networking.k8s.io" -> Addresses::problems;
      default -> Syntax::subdomain;
    };
  }

  static void labels(Tree labels, String path, Checks checks) {
    labels.forEach(
        (key, value) -> {
          checks.syntax(path, key, Syntax.qualified(key));
          if (value instanceof String text) {
            checks.syntax(path, text, Syntax.labelValue(text));
          }
        });
  }

  static void annotations(Tree annotations, String path, Checks checks) {
    long size = 0;
    for (Map.Entry<String, ?> entry : annotations.entrySet()) {
      checks.syntax(path, entry.getKey(), Syntax.annotationKey(entry.getKey()));
      size += bytes(entry.getKey()) + bytes(String.valueOf(entry.getValue()));
    }
    if (size > ANNOTATIONS_LIMIT) {
      checks.tooLong(path, "may not be more than " + ANNOTATIONS_LIMIT + " bytes");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void owners(Tree metadata, Checks checks) {
    String path = "metadata.ownerReferences";
    String controller = "";
    for (Tree owner : metadata.trees("ownerReferences")) {
      if (owner.textOrEmpty("apiVersion").isEmpty()) {
        checks.invalid(path + ".apiVersion", "", "version must not be empty");
      }
      for (String field : List.of("kind", "name", "uid")) {
        if (owner.textOrEmpty(field).isEmpty()) {
          checks.invalid(path + "." + field, "", "must not be empty");
        }
      }
      if (owner.textOrEmpty("kind").equals("Event")
          && owner.textOrEmpty("apiVersion").equals("v1")) {
        checks.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
      }
      if (owner.flag("controller")) {
        if (!controller.isEmpty()) {
          checks.invalid(
              path,
              metadata.list("ownerReferences"),
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + controller(owner));
        }
        controller = controller(owner);
      }
    }
  }

  private static String controller(Tree owner) {
    return owner.textOrEmpty("kind") + "/" + owner.textOrEmpty("name");
  }

  private static void finalizers(Tree metadata, Checks checks) {
    String path = "metadata.finalizers";
    List<String> finalizers = metadata.texts("finalizers");
    finalizers.forEach(each -> checks.syntax(path, each, Syntax.qualified(each)));
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i);
      if (!finalizer.contains("/") && !PLAIN_FINALIZERS.contains(finalizer)) {
        checks.invalid(
            path + "[" + i + "]",
            finalizer,
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
    if (finalizers.contains("orphan") && finalizers.contains("foregroundDeletion")) {
      checks.invalid(
          path,
          metadata.list("finalizers"),
          "finalizer orphan and foregroundDeletion cannot be both set");
    }
  }

  static void checkUpdate(Tree object, Tree live, Checks checks) {
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      Object next = object.at("metadata", field);
      if (next != null && !Objects.equals(next, live.at("metadata", field))) {
        checks.invalid("metadata." + field, next, "field is immutable");
      }
    }
    if (Meta.terminating(live)) {
      List<String> added = new ArrayList<>(Meta.finalizers(object));
      added.removeAll(Meta.finalizers(live));
      if (!added.isEmpty()) {
        checks.forbidden(
            "metadata.finalizers",
            "no new finalizers can be added if the object is being deleted, found new finalizers"
                + " []string{\""
                + String.join("\", \"", added)
                + "\"}");
      }
    }
    if (Meta.generation(object) != 0 && Meta.generation(object) < Meta.generation(live)) {
      checks.invalid("metadata.generation", Meta.generation(object), "must not be decremented");
    }
  }
}
