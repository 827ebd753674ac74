package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Defaults of kinds that have few. */
final class PlainDefaults {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final long TOKEN_SECONDS = 3600;

  private PlainDefaults() {}

  /** Also moves {@code stringData} into {@code data}, where it is stored. */
  static void secret(Tree object) {
    Absent.text(object, "type", "Opaque");
    Tree plain = object.tree("stringData");
    if (plain == null) {
      return;
    }
    for (Map.Entry<String, ?> entry : plain.entrySet()) {
      if (entry.getValue() instanceof String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        object.child("data").put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    object.remove("stringData");
  }

  static void namespace(Tree object) {
    if (!Meta.name(object).isEmpty()) {
      object.child("metadata", "labels").put("kubernetes.io/metadata.name", Meta.name(object));
    }
  }

  static void node(Tree object) {
    Tree capacity = object.tree("status", "capacity");
    if (capacity != null && object.at("status", "allocatable") == null) {
      object.child("status").put("allocatable", capacity.copy());
    }
  }

  static void binding(Tree object) {
    Absent.text(object.child("roleRef"), "apiGroup", RBAC);
    for (Tree subject : object.trees("subjects")) {
      String kind = subject.textOrEmpty("kind");
      if (kind.equals("User") || kind.equals("Group")) {
        Absent.text(subject, "apiGroup", RBAC);
      }
    }
  }

  static void tokenRequest(Tree object) {
    Absent.put(object.child("spec"), "expirationSeconds", TOKEN_SECONDS);
  }
}
