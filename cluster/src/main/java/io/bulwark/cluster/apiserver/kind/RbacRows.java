package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.stream.Collectors;

/** The kinds of rbac.authorization.k8s.io/v1. */
final class RbacRows {
  private final Ages ages;

  RbacRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        binding(Resources.CLUSTER_ROLE_BINDINGS),
        role(Resources.CLUSTER_ROLES),
        binding(Resources.ROLE_BINDINGS),
        role(Resources.ROLES));
  }

  private static Kind role(Resource resource) {
    return Row.of(resource)
        .columns(Columns.name(), Columns.created())
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private Kind binding(Resource resource) {
    return Row.of(resource)
        .columns(
            Columns.name(),
            Columns.text("Role", "The role that the binding grants.", RbacRows::roleRef),
            ages.column(),
            Columns.wide("Users", "Users in the binding.", object -> subjects(object, "User")),
            Columns.wide("Groups", "Groups in the binding.", object -> subjects(object, "Group")),
            Columns.wide(
                "ServiceAccounts",
                "Service accounts in the binding.",
                object -> subjects(object, "ServiceAccount")))
        .strategy(SpeclessStrategy.UNCONDITIONAL)
        .kind();
  }

  private static String roleRef(Tree object) {
    return object.textOrEmpty("roleRef", "kind") + "/" + object.textOrEmpty("roleRef", "name");
  }

  private static String subjects(Tree object, String kind) {
    return object.trees("subjects").stream()
        .filter(subject -> subject.textOrEmpty("kind").equals(kind))
        .map(
            subject ->
                kind.equals("ServiceAccount")
                    ? subject.textOrEmpty("namespace") + "/" + subject.textOrEmpty("name")
                    : subject.textOrEmpty("name"))
        .collect(Collectors.joining(", "));
  }
}
