package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How a table shows a node.
 *
 * <p>Source: what {@code kubectl get nodes -o wide} prints.
 */
final class NodeColumns {
  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

  private NodeColumns() {}

  static Column[] columns(Ages ages) {
    return new Column[] {
      Columns.name(),
      Columns.text("Status", "The status of the node", NodeColumns::status),
      Columns.text("Roles", "The roles of the node", NodeColumns::roles),
      ages.column(),
      Columns.text(
          "Version",
          "Version of the node agent.",
          node -> node.textOrEmpty("status", "nodeInfo", "kubeletVersion")),
      Columns.wide("Internal-IP", "Address inside.", node -> address(node, "InternalIP")),
      Columns.wide("External-IP", "Address outside.", node -> address(node, "ExternalIP")),
      Columns.wide("OS-Image", "Operating system.", node -> info(node, "osImage")),
      Columns.wide("Kernel-Version", "Kernel.", node -> info(node, "kernelVersion")),
      Columns.wide(
          "Container-Runtime", "Container runtime.", node -> info(node, "containerRuntimeVersion"))
    };
  }

  private static String status(Tree node) {
    List<String> parts = new ArrayList<>();
    for (Tree condition : node.trees("status", "conditions")) {
      if (condition.textOrEmpty("type").equals("Ready")) {
        parts.add(condition.textOrEmpty("status").equals("True") ? "Ready" : "NotReady");
      }
    }
    if (parts.isEmpty()) {
      parts.add("Unknown");
    }
    if (node.flag("spec", "unschedulable")) {
      parts.add("SchedulingDisabled");
    }
    return String.join(",", parts);
  }

  private static String roles(Tree node) {
    TreeSet<String> roles = new TreeSet<>();
    Meta.labels(node)
        .forEach(
            (key, value) -> {
              if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
              } else if (key.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
              }
            });
    return roles.isEmpty() ? Columns.NONE : String.join(",", roles);
  }

  private static String address(Tree node, String type) {
    for (Tree address : node.trees("status", "addresses")) {
      if (address.textOrEmpty("type").equals(type)) {
        return address.textOrEmpty("address");
      }
    }
    return Columns.NONE;
  }

  private static String info(Tree node, String field) {
    String text = node.textOrEmpty("status", "nodeInfo", field);
    return text.isEmpty() ? "<unknown>" : text;
  }
}
