package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a write.
 *
 * @param tree as admission sees them; not changed
 */
public record WriteOptions(Tree tree) {
  private static final int LONGEST_MANAGER = 128;

  /**
   * Reads the options of a verb from the query.
   *
   * @param kind {@code CreateOptions}, {@code UpdateOptions}, {@code PatchOptions} or {@code
   *     DeleteOptions}
   * @throws io.bulwark.api.failure.Rejected 422 for values that no server knows
   */
  public static WriteOptions of(Incoming incoming, String kind) {
    Tree tree = Tree.of("apiVersion", "meta.k8s.io/v1", "kind", kind);
    List<String> dryRun = incoming.query().get("dryRun");
    if (dryRun != null) {
      tree.put("dryRun", new TreeList(dryRun));
    }
    put(tree, "fieldManager", incoming.parameter("fieldManager"));
    if (!kind.equals("DeleteOptions")) {
      put(tree, "fieldValidation", incoming.parameter("fieldValidation"));
    }
    if (incoming.parameter("force") != null && kind.equals("PatchOptions")) {
      tree.put("force", incoming.flag("force"));
    }
    if (kind.equals("DeleteOptions")) {
      deletion(tree, incoming);
    }
    return new WriteOptions(tree).checked();
  }

  private static void deletion(Tree tree, Incoming incoming) {
    String grace = incoming.parameter("gracePeriodSeconds");
    if (grace != null) {
      try {
        tree.put("gracePeriodSeconds", Long.parseLong(grace));
      } catch (NumberFormatException notNumber) {
        throw new Failure.BadRequest("strconv.ParseInt: parsing \"" + grace + "\": invalid syntax")
            .rejected();
      }
    }
    put(tree, "propagationPolicy", incoming.parameter("propagationPolicy"));
    if (incoming.parameter("orphanDependents") != null) {
      tree.put("orphanDependents", incoming.flag("orphanDependents"));
    }
  }

  /**
   * @throws io.bulwark.api.failure.Rejected 422 for values that no server knows
   */
  WriteOptions checked() {
    List<FieldError> errors = new ArrayList<>();
    if (!List.of("All").containsAll(tree.texts("dryRun"))) {
      errors.add(FieldError.notSupported("dryRun", tree.list("dryRun"), List.of("All")));
    }
    String manager = tree.textOrEmpty("fieldManager");
    if (manager.length() > LONGEST_MANAGER) {
      errors.add(
          new FieldError(
              FieldError.Type.TOO_LONG,
              "fieldManager",
              null,
              "may not be more than " + LONGEST_MANAGER + " bytes"));
    }
    if (tree.has("orphanDependents") && tree.has("propagationPolicy")) {
      errors.add(
          FieldError.invalid(
              "propagationPolicy",
              tree.text("propagationPolicy"),
              "orphanDependents and deletionPropagation cannot be both set"));
    }
    if (tree.text("propagationPolicy") instanceof String policy
        && !List.of("Background", "Foreground", "Orphan").contains(policy)) {
      errors.add(
          FieldError.notSupported(
              "propagationPolicy", policy, List.of("Foreground", "Background", "Orphan", "nil")));
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(new GroupKind("meta.k8s.io", tree.textOrEmpty("kind")), "", errors)
          .rejected();
    }
    return this;
  }

  public boolean dryRun() {
    return !tree.texts("dryRun").isEmpty();
  }

  boolean force() {
    return tree.flag("force");
  }

  /** Who owns the changed fields: the option, or the client's name. */
  String manager(Incoming incoming) {
    String manager = tree.textOrEmpty("fieldManager");
    if (!manager.isEmpty()) {
      return manager;
    }
    String agent = incoming.header("user-agent");
    String name = agent == null ? "" : agent.split("/", 2)[0];
    StringBuilder printable = new StringBuilder();
    name.codePoints()
        .filter(c -> c >= ' ' && c != 0x7f)
        .limit(LONGEST_MANAGER)
        .forEach(printable::appendCodePoint);
    return printable.isEmpty() ? "unknown" : printable.toString();
  }

  private static void put(Tree tree, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      tree.put(name, value);
    }
  }
}
