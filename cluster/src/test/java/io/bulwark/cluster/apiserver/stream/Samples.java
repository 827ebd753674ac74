package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.authz.Attributes;
import java.util.List;
import java.util.Map;

/** Pods of the tests, and what a path asks for. */
final class Samples {
  static Tree pod(String name, String... containers) {
    TreeList specs = new TreeList();
    TreeList statuses = new TreeList();
    for (String container : containers) {
      specs.add(Tree.of("name", container));
      Tree state =
          container.equals("waiting")
              ? Tree.of("waiting", Tree.of("reason", "ContainerCreating"))
              : Tree.of("running", new Tree());
      statuses.add(Tree.of("name", container, "state", state, "lastState", new Tree()));
    }
    return Tree.of(
            "metadata", Tree.of("name", name, "namespace", "ns"),
            "spec", Tree.of("containers", specs, "nodeName", "n1"),
            "status", Tree.of("containerStatuses", statuses))
        .freeze();
  }

  static final List<Tree> PODS =
      List.of(pod("web", "main"), pod("two", "one", "two"), pod("slow", "waiting"));

  private Samples() {}

  static Attributes attributes(String path) {
    String[] parts = path.split("/", -1);
    boolean namespaced = parts[3].equals("namespaces");
    int at = namespaced ? 5 : 3;
    return new Attributes(
        new Subject("me", "", List.of(), Map.of()),
        "create",
        "",
        "v1",
        parts[at],
        parts[at + 2],
        namespaced ? parts[4] : "",
        parts[at + 1],
        path,
        true);
  }
}
