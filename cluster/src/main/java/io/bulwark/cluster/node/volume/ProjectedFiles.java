package io.bulwark.cluster.node.volume;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.pod.DownwardFields;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of configMap, secret, downwardAPI and projected volumes. */
final class ProjectedFiles {
  private static final int DEFAULT_MODE = 0644;

  private final VolumeObjects objects;
  private final Tree pod;
  private final Ownership ownership;

  ProjectedFiles(VolumeObjects objects, Tree pod, Ownership ownership) {
    this.objects = objects;
    this.pod = pod;
    this.ownership = ownership;
  }

  Map<String, VolumeFile> configMap(Tree source) throws VolumeFailure {
    return fromConfigMap(source, mode(source, "defaultMode", DEFAULT_MODE));
  }

  Map<String, VolumeFile> secret(Tree source) throws VolumeFailure {
    Tree renamed = source.copy();
    renamed.put("name", source.textOrEmpty("secretName"));
    return fromSecret(renamed, mode(source, "defaultMode", DEFAULT_MODE));
  }

  Map<String, VolumeFile> downward(Tree source) throws VolumeFailure {
    return fromDownward(source, mode(source, "defaultMode", DEFAULT_MODE));
  }

  Map<String, VolumeFile> projected(Tree source) throws VolumeFailure {
    int mode = mode(source, "defaultMode", DEFAULT_MODE);
    Map<String, VolumeFile> files = new TreeMap<>();
    for (Tree each : source.trees("sources")) {
      if (each.tree("configMap") instanceof Tree one) {
        files.putAll(fromConfigMap(one, mode));
      } else if (each.tree("secret") instanceof Tree one) {
        files.putAll(fromSecret(one, mode));
      } else if (each.tree("downwardAPI") instanceof Tree one) {
        files.putAll(fromDownward(one, mode));
      } else if (each.tree("serviceAccountToken") instanceof Tree one) {
        boolean restricted = ownership.user() != null || ownership.group() != null;
        String token =
            objects.token(pod, one.textOrEmpty("audience"), one.number(3600, "expirationSeconds"));
        files.put(
            one.textOrEmpty("path"),
            new VolumeFile(token.getBytes(StandardCharsets.UTF_8), restricted ? 0600 : mode));
      } else {
        throw new VolumeFailure("unsupported projected volume source: " + each.keySet());
      }
    }
    return files;
  }

  private Map<String, VolumeFile> fromConfigMap(Tree source, int mode) throws VolumeFailure {
    String name = source.textOrEmpty("name");
    Tree found = objects.configMap(Meta.namespace(pod), name);
    if (found == null) {
      if (source.flag("optional")) {
        return Map.of();
      }
      throw new VolumeFailure("configmap \"" + name + "\" not found");
    }
    Map<String, byte[]> content = new LinkedHashMap<>();
    found
        .treeOrEmpty("data")
        .forEach(
            (key, value) ->
                content.put(key, String.valueOf(value).getBytes(StandardCharsets.UTF_8)));
    found.treeOrEmpty("binaryData").forEach((key, value) -> content.put(key, decoded(value)));
    return select(content, source, mode, "configmap");
  }

  private Map<String, VolumeFile> fromSecret(Tree source, int mode) throws VolumeFailure {
    String name = source.textOrEmpty("name");
    Tree found = objects.secret(Meta.namespace(pod), name);
    if (found == null) {
      if (source.flag("optional")) {
        return Map.of();
      }
      throw new VolumeFailure("secret \"" + name + "\" not found");
    }
    Map<String, byte[]> content = new LinkedHashMap<>();
    found.treeOrEmpty("data").forEach((key, value) -> content.put(key, decoded(value)));
    return select(content, source, mode, "secret");
  }

  private static Map<String, VolumeFile> select(
      Map<String, byte[]> content, Tree source, int mode, String kind) throws VolumeFailure {
    Map<String, VolumeFile> files = new TreeMap<>();
    List<Tree> items = source.trees("items");
    if (items.isEmpty()) {
      content.forEach((key, bytes) -> files.put(key, new VolumeFile(bytes, mode)));
    }
    for (Tree item : items) {
      byte[] bytes = content.get(item.textOrEmpty("key"));
      if (bytes != null) {
        files.put(item.textOrEmpty("path"), new VolumeFile(bytes, mode(item, "mode", mode)));
      } else if (!source.flag("optional")) {
        throw new VolumeFailure(
            "references non-existent "
                + kind.replace("map", "")
                + " key: "
                + item.textOrEmpty("key"));
      }
    }
    return files;
  }

  private Map<String, VolumeFile> fromDownward(Tree source, int mode) throws VolumeFailure {
    Map<String, VolumeFile> files = new TreeMap<>();
    for (Tree item : source.trees("items")) {
      String value;
      try {
        value =
            item.tree("fieldRef") instanceof Tree field
                ? DownwardFields.field(pod, field.textOrEmpty("fieldPath"))
                : DownwardFields.resource(
                    pod, new Tree(), item.treeOrEmpty("resourceFieldRef"), objects.allocatable());
      } catch (IllegalArgumentException unknown) {
        throw new VolumeFailure(String.valueOf(unknown.getMessage()), unknown);
      }
      files.put(
          item.textOrEmpty("path"),
          new VolumeFile(value.getBytes(StandardCharsets.UTF_8), mode(item, "mode", mode)));
    }
    return files;
  }

  private static int mode(Tree source, String key, int fallback) {
    return (int) source.number(fallback, key);
  }

  private static byte[] decoded(@Nullable Object value) {
    return Base64.getDecoder().decode(String.valueOf(value));
  }
}
