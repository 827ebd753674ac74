package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Objects;

/** Role bindings and cluster role bindings. */
final class BindingRules implements Rules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final boolean namespaced;

  BindingRules(boolean namespaced) {
    this.namespaced = namespaced;
  }

  @Override
  public void check(Tree object, Checks checks) {
    Tree role = object.treeOrEmpty("roleRef");
    String group = role.textOrEmpty("apiGroup");
    if (!group.equals(GROUP)) {
      checks.add(FieldError.notSupported("roleRef.apiGroup", group, List.of(GROUP)));
    }
    List<String> kinds = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
    String kind = role.textOrEmpty("kind");
    if (!kinds.contains(kind)) {
      checks.add(FieldError.notSupported("roleRef.kind", kind, kinds));
    }
    if (checks.present(role, "name", "roleRef", "")) {
      String name = role.textOrEmpty("name");
      checks.syntax("roleRef.name", name, Syntax.pathSegment(name));
    }
    List<Tree> subjects = object.trees("subjects");
    for (int i = 0; i < subjects.size(); i++) {
      subject(subjects.get(i), "subjects[" + i + "]", checks);
    }
  }

  private void subject(Tree subject, String path, Checks checks) {
    checks.present(subject, "name", path, "");
    String group = subject.textOrEmpty("apiGroup");
    switch (subject.textOrEmpty("kind")) {
      case "ServiceAccount" -> {
        String name = subject.textOrEmpty("name");
        if (!name.isEmpty()) {
          checks.syntax(path + ".name", name, Syntax.subdomain(name));
        }
        if (!group.isEmpty()) {
          checks.add(FieldError.notSupported(path + ".apiGroup", group, List.of("")));
        }
        if (!namespaced && subject.textOrEmpty("namespace").isEmpty()) {
          checks.required(path + ".namespace", "");
        }
      }
      case "User", "Group" -> {
        if (!group.equals(GROUP)) {
          checks.add(FieldError.notSupported(path + ".apiGroup", group, List.of(GROUP)));
        }
      }
      default ->
          checks.add(
              FieldError.notSupported(
                  path + ".kind",
                  subject.textOrEmpty("kind"),
                  List.of("ServiceAccount", "User", "Group")));
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    if (!Objects.equals(object.get("roleRef"), live.get("roleRef"))) {
      Tree role = object.treeOrEmpty("roleRef");
      Tree shown =
          Tree.of(
              "APIGroup", role.textOrEmpty("apiGroup"),
              "Kind", role.textOrEmpty("kind"),
              "Name", role.textOrEmpty("name"));
      checks.invalid("roleRef", shown, "cannot change roleRef");
    }
  }
}
