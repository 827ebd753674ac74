package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.PatchType;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;
import java.util.Locale;

/** Which patch a request carries. */
final class PatchTypes {
  private PatchTypes() {}

  static PatchType of(Incoming incoming) {
    String header = incoming.header("content-type");
    String type = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    for (PatchType known : PatchType.values()) {
      if (known.mediaType().equals(type)) {
        return known;
      }
    }
    throw new Failure.Ready(415, unsupported()).rejected();
  }

  /** Source: the words of upstream's router, which turns such patches away. */
  private static Tree unsupported() {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Status",
        "metadata", new Tree(),
        "status", "Failure",
        "message", "415: Unsupported Media Type",
        "reason", "UnsupportedMediaType",
        "details", new Tree());
  }

  static void check(PatchType type, WriteOptions options) {
    FieldError error = null;
    if (type == PatchType.APPLY) {
      if (options.tree().textOrEmpty("fieldManager").isEmpty()) {
        error = FieldError.required("fieldManager", "is required for apply patch");
      }
    } else if (options.tree().has("force")) {
      error = FieldError.forbidden("force", "may not be specified for non-apply patch");
    }
    if (error != null) {
      throw new Failure.Invalid(new GroupKind("meta.k8s.io", "PatchOptions"), "", List.of(error))
          .rejected();
    }
  }
}
