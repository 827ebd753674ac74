package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Map;

/** Volumes of a pod and where its containers mount them. */
final class VolumeRules {
  private static final long HIGHEST_MODE = 0777;

  private VolumeRules() {}

  /**
   * @param found receives the volumes by name
   */
  static void volumes(Tree spec, String path, Map<String, Tree> found, Checks checks) {
    Checks.Unique names = checks.new Unique();
    List<Tree> volumes = spec.trees("volumes");
    for (int i = 0; i < volumes.size(); i++) {
      Tree volume = volumes.get(i);
      String at = path + ".volumes[" + i + "]";
      String name = volume.textOrEmpty("name");
      if (!name.isEmpty()) {
        checks.syntax(at + ".name", name, Syntax.label(name));
        names.add(at + ".name", name);
        found.put(name, volume);
      }
      source(volume, at, checks);
    }
  }

  private static void source(Tree volume, String path, Checks checks) {
    int sources = 0;
    for (String type : volume.keySet()) {
      if (type.equals("name")) {
        continue;
      }
      if (++sources > 1) {
        checks.forbidden(path + "." + type, "may not specify more than 1 volume type");
      }
    }
    mode(volume, "secret", path, checks);
    mode(volume, "configMap", path, checks);
    mode(volume, "downwardAPI", path, checks);
    mode(volume, "projected", path, checks);
    if (volume.tree("secret") instanceof Tree secret) {
      checks.present(secret, "secretName", path + ".secret", "");
      items(secret, path + ".secret", checks);
    }
    if (volume.tree("configMap") instanceof Tree map) {
      checks.present(map, "name", path + ".configMap", "");
      items(map, path + ".configMap", checks);
    }
    if (volume.tree("downwardAPI") instanceof Tree downward) {
      items(downward, path + ".downwardAPI", checks);
    }
    String host = volume.textOrEmpty("hostPath", "path");
    if (List.of(host.split("/")).contains("..")) {
      checks.invalid(path + ".hostPath.path", host, "must not contain '..'");
    }
    List<Tree> projections = volume.trees("projected", "sources");
    for (int i = 0; i < projections.size(); i++) {
      projection(projections.get(i), path + ".projected.sources[" + i + "]", checks);
    }
  }

  private static void projection(Tree source, String path, Checks checks) {
    if (source.size() > 1) {
      checks.forbidden(path, "may not specify more than 1 volume type per source");
    }
    if (source.isEmpty()) {
      checks.required(path, "");
    }
    for (String named : List.of("secret", "configMap")) {
      Tree found = source.tree(named);
      if (found != null) {
        checks.present(found, "name", path + "." + named, "");
        items(found, path + "." + named, checks);
      }
    }
    Tree token = source.tree("serviceAccountToken");
    if (token != null) {
      long seconds = token.number(3600, "expirationSeconds");
      if (seconds < 600) {
        checks.invalid(
            path + ".serviceAccountToken.expirationSeconds",
            seconds,
            "may not specify a duration less than 10 minutes");
      }
      relative(token, "path", path + ".serviceAccountToken", checks);
    }
  }

  private static void mode(Tree volume, String type, String path, Checks checks) {
    modeOf(volume.treeOrEmpty(type), "defaultMode", path + "." + type, checks);
  }

  private static void modeOf(Tree tree, String field, String path, Checks checks) {
    if (tree.get(field) instanceof Long mode && (mode < 0 || mode > HIGHEST_MODE)) {
      checks.invalid(
          path + "." + field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }
  }

  private static void items(Tree source, String path, Checks checks) {
    List<Tree> items = source.trees("items");
    for (int i = 0; i < items.size(); i++) {
      String at = path + ".items[" + i + "]";
      relative(items.get(i), "path", at, checks);
      modeOf(items.get(i), "mode", at, checks);
    }
  }

  private static void relative(Tree tree, String field, String path, Checks checks) {
    String value = tree.textOrEmpty(field);
    if (value.startsWith("/")) {
      checks.invalid(path + "." + field, value, "must be a relative path");
    }
    if (List.of(value.split("/")).contains("..")) {
      checks.invalid(path + "." + field, value, "must not contain '..'");
    }
  }

  static void mounts(Tree container, String path, Map<String, Tree> volumes, Checks checks) {
    java.util.Set<String> places = new java.util.HashSet<>();
    List<Tree> mounts = container.trees("volumeMounts");
    for (int i = 0; i < mounts.size(); i++) {
      Tree mount = mounts.get(i);
      String at = path + ".volumeMounts[" + i + "]";
      String name = mount.textOrEmpty("name");
      if (!name.isEmpty() && !volumes.containsKey(name)) {
        checks.notFound(at + ".name", name);
      }
      String place = mount.textOrEmpty("mountPath");
      if (!place.isEmpty() && !places.add(place)) {
        checks.invalid(at + ".mountPath", place, "must be unique");
      }
      relative(mount, "subPath", at, checks);
      relative(mount, "subPathExpr", at, checks);
      if (!mount.textOrEmpty("subPath").isEmpty() && !mount.textOrEmpty("subPathExpr").isEmpty()) {
        checks.invalid(
            at + ".subPathExpr",
            mount.textOrEmpty("subPathExpr"),
            "subPathExpr and subPath are mutually exclusive");
      }
    }
  }
}
