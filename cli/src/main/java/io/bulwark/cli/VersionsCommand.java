package io.bulwark.cli;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Query;
import io.bulwark.cluster.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every node runs, and what is wrong with it. */
@Command(
    name = "versions",
    description = {
      "Show the versions of Bulwark, operating system, kernel and runtime on every node,",
      "whether they are supported, and how many known vulnerabilities an upgrade would mend."
    },
    mixinStandardHelpOptions = true)
final class VersionsCommand implements Callable<Integer> {
  private static final String ROW = "%-20s %-28s %-30s %-18s %-20s %s%n";

  @Mixin private DataDirectory data = new DataDirectory();

  @Option(names = "--output", paramLabel = "FORMAT", description = "table or json.")
  private String output = "table";

  @Override
  public Integer call() throws Exception {
    if (!output.equals("table") && !output.equals("json")) {
      throw new Refusal("--output is table or json, not " + output);
    }
    try (Administrator administrator = Administrator.of(data.existing())) {
      ApiClient client = administrator.client();
      List<Tree> nodes = client.list(Resources.NODES, null, Query.none()).trees("items");
      Map<String, Tree> inventories = new HashMap<>();
      client
          .list(Resources.NODE_INVENTORIES, null, Query.none())
          .trees("items")
          .forEach(inventory -> inventories.put(Meta.name(inventory), inventory));
      List<Tree> rows = new ArrayList<>();
      nodes.forEach(
          node -> rows.add(row(node, inventories.getOrDefault(Meta.name(node), new Tree()))));
      print(rows);
    }
    return 0;
  }

  private static Tree row(Tree node, Tree inventory) {
    Tree info = node.treeOrEmpty("status", "nodeInfo");
    Tree status = inventory.treeOrEmpty("status");
    long mended =
        status.trees("findings").stream()
            .filter(finding -> !finding.textOrEmpty("fixedVersion").isEmpty())
            .count();
    TreeList remarks = new TreeList();
    for (Tree condition : status.trees("conditions")) {
      String message = condition.textOrEmpty("message");
      boolean fine =
          condition.textOrEmpty("type").equals("Vulnerable")
              ? condition.textOrEmpty("status").equals("False")
              : condition.textOrEmpty("status").equals("True");
      if (!fine && !message.isEmpty()) {
        remarks.add(message);
      }
    }
    if (inventory.isEmpty()) {
      remarks.add("has not reported its software");
    }
    return Tree.of(
        "node", Meta.name(node),
        "bulwark", info.textOrEmpty("kubeletVersion"),
        "operatingSystem", info.textOrEmpty("osImage"),
        "kernel", info.textOrEmpty("kernelVersion"),
        "runtime", info.textOrEmpty("containerRuntimeVersion"),
        "packages", (long) inventory.treeOrEmpty("inventory").trees("packages").size(),
        "vulnerabilities", status.treeOrEmpty("summary"),
        "mendedByUpgrade", mended,
        "remarks", remarks);
  }

  private void print(List<Tree> rows) {
    if (output.equals("json")) {
      System.out.println(
          Json.text(Tree.of("controlPlane", ApiServer.VERSION, "nodes", new TreeList(rows))));
      return;
    }
    System.out.println("Control plane: " + ApiServer.VERSION);
    System.out.printf(
        ROW, "NODE", "BULWARK", "OS", "KERNEL", "RUNTIME", "CRITICAL/HIGH/MENDED BY UPGRADE");
    for (Tree row : rows) {
      System.out.printf(
          ROW,
          row.textOrEmpty("node"),
          row.textOrEmpty("bulwark"),
          row.textOrEmpty("operatingSystem"),
          row.textOrEmpty("kernel"),
          row.textOrEmpty("runtime"),
          row.number(0, "vulnerabilities", "critical")
              + "/"
              + row.number(0, "vulnerabilities", "high")
              + "/"
              + row.number(0, "mendedByUpgrade"));
      for (Object remark : row.list("remarks")) {
        System.out.println("  " + row.textOrEmpty("node") + ": " + remark);
      }
    }
  }
}
