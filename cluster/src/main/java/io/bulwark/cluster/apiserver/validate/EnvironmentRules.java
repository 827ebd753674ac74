package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Set;

/** Environment variables of a container, and references to fields of its pod. */
final class EnvironmentRules {
  private static final Set<String> FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  private EnvironmentRules() {}

  static void check(Tree container, String path, Checks checks) {
    List<Tree> variables = container.trees("env");
    for (int i = 0; i < variables.size(); i++) {
      variable(variables.get(i), path + ".env[" + i + "]", checks);
    }
    List<Tree> sources = container.trees("envFrom");
    for (int i = 0; i < sources.size(); i++) {
      Tree source = sources.get(i);
      String at = path + ".envFrom[" + i + "]";
      boolean map = source.containsKey("configMapRef");
      boolean secret = source.containsKey("secretRef");
      if (map && secret) {
        checks.invalid(at, "", "may not have more than one field specified at a time");
      } else if (!map && !secret) {
        checks.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`");
      } else {
        String field = map ? "configMapRef" : "secretRef";
        checks.present(source.treeOrEmpty(field), "name", at + "." + field, "");
      }
    }
  }

  private static void variable(Tree variable, String path, Checks checks) {
    String name = variable.textOrEmpty("name");
    if (!name.isEmpty()) {
      checks.syntax(path + ".name", name, Syntax.environmentName(name));
    }
    Tree from = variable.tree("valueFrom");
    if (from == null) {
      return;
    }
    String at = path + ".valueFrom";
    long given = SOURCES.stream().filter(from::containsKey).count();
    if (given == 0) {
      checks.invalid(
          at,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
              + " or `fileKeyRef`");
    } else if (!variable.textOrEmpty("value").isEmpty()) {
      checks.invalid(at, "", "may not be specified when `value` is not empty");
    } else if (given > 1) {
      checks.invalid(at, "", "may not have more than one field specified at a time");
    }
    for (String field : List.of("configMapKeyRef", "secretKeyRef")) {
      Tree reference = from.tree(field);
      if (reference != null) {
        checks.present(reference, "name", at + "." + field, "");
        String key = reference.textOrEmpty("key");
        if (!key.isEmpty()) {
          checks.syntax(at + "." + field + ".key", key, Syntax.configKey(key));
        }
      }
    }
    Tree field = from.tree("fieldRef");
    if (field != null) {
      fieldPath(field, at + ".fieldRef", checks);
    }
  }

  private static void fieldPath(Tree reference, String path, Checks checks) {
    String field = reference.textOrEmpty("fieldPath");
    boolean mapKey = field.matches("metadata\\.(labels|annotations)\\['[^']*'\\]");
    if (!field.isEmpty() && !mapKey && !FIELDS.contains(field)) {
      checks.invalid(
          path + ".fieldPath",
          field,
          "error converting fieldPath: field label not supported: " + field);
    }
  }
}
