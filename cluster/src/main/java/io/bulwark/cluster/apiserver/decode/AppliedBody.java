package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of an apply request. */
final class AppliedBody {
  private AppliedBody() {}

  static Tree read(byte[] patch, FieldValidation validation, List<String> warnings) {
    List<String> duplicates = new ArrayList<>();
    Tree applied;
    try {
      applied = object(Yaml.readAny(patch, duplicates));
    } catch (MalformedBody malformed) {
      throw new Failure.BadRequest(
              "error decoding YAML: error converting YAML to JSON: " + malformed.getMessage())
          .rejected();
    }
    if (Json.tooDeep(applied)) {
      throw new Failure.BadRequest("error decoding YAML: exceeded max depth").rejected();
    }
    if (!duplicates.isEmpty() && validation != FieldValidation.IGNORE) {
      if (validation == FieldValidation.STRICT) {
        throw new Failure.BadRequest("error strict decoding YAML: " + String.join(", ", duplicates))
            .rejected();
      }
      warnings.addAll(duplicates);
    }
    return applied;
  }

  private static Tree object(@Nullable Object value) {
    return switch (value) {
      case Tree tree -> tree;
      case null -> new Tree();
      default ->
          throw new Failure.BadRequest(
                  "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot"
                      + " unmarshal "
                      + Json.nameOf(value)
                      + " into Go value of type map[string]interface {}")
              .rejected();
    };
  }

  /** A last applied configuration; null where it cannot be read. */
  static @Nullable Tree readQuietly(String json) {
    try {
      return Json.read(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedBody malformed) {
      return null;
    }
  }

  /** Checks the configuration and returns a copy of it in canonical form; nulls stay. */
  static Tree conform(Tree applied, Kind kind, Shape shape) {
    GroupVersion version = GroupVersion.parse(applied.textOrEmpty("apiVersion"));
    GroupVersionKind given =
        new GroupVersionKind(version.group(), version.version(), applied.textOrEmpty("kind"));
    if (!given.equals(kind.resource().groupVersionKind())) {
      throw new Failure.BadRequest("invalid object type: " + printed(given)).rejected();
    }
    if (applied.at("metadata", "managedFields") != null) {
      throw new Failure.BadRequest("metadata.managedFields must be nil").rejected();
    }
    Tree configuration = applied.copy();
    dropNullTimestamps(configuration);
    String broken = AppliedCheck.of(configuration, shape);
    if (!broken.isEmpty()) {
      throw unusable(given, applied, broken);
    }
    try {
      Conform.keepingNulls().object(configuration, shape);
    } catch (Unmarshal wrong) {
      throw unusable(given, applied, String.valueOf(wrong.getMessage()));
    }
    return configuration;
  }

  /** Older clients send a null creationTimestamp wherever there is metadata; it means nothing. */
  private static void dropNullTimestamps(Tree object) {
    for (int i = object.size() - 1; i >= 0; i--) {
      if (object.valueAt(i) instanceof Tree below) {
        if (object.keyAt(i).equals("metadata") && below.get("creationTimestamp") == null) {
          below.remove("creationTimestamp");
        }
        dropNullTimestamps(below);
      }
    }
  }

  private static Rejected unusable(GroupVersionKind kind, Tree applied, String why) {
    String message =
        "failed to create typed patch object ("
            + Meta.namespace(applied)
            + "/"
            + Meta.name(applied)
            + "; "
            + printed(kind)
            + "): "
            + why;
    return new Failure.Ready(
            500,
            Tree.of(
                "apiVersion", "v1",
                "kind", "Status",
                "metadata", new Tree(),
                "status", "Failure",
                "message", message))
        .rejected();
  }

  private static String printed(GroupVersionKind kind) {
    return kind.group() + "/" + kind.version() + ", Kind=" + kind.kind();
  }
}
