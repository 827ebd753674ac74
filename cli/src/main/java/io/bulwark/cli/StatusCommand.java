package io.bulwark.cli;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Query;
import io.bulwark.cluster.ClusterConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what runs and what ails. Exit code 0 when all is well, 3 otherwise. */
@Command(
    name = "status",
    description = "Say what runs and what ails.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final int AILING = 3;

  @Mixin private DataDirectory data = new DataDirectory();

  @Override
  public Integer call() throws Exception {
    Path directory = data.existing();
    ProcessHandle process = new RunningProcess(directory).find().orElse(null);
    if (process == null) {
      System.out.println("The cluster in " + directory + " is not running.");
      return AILING;
    }
    System.out.println("The cluster in " + directory + " runs as process " + process.pid() + ".");
    List<String> ailments = new ArrayList<>();
    if (Files.exists(directory.resolve("pki/node-client.crt"))) {
      System.out.println("It is a node of a cluster elsewhere, which knows how it fares.");
      return 0;
    }
    if (!Files.exists(ClusterConfiguration.administratorKubeconfig(directory))) {
      System.out.println("ails: it is still starting");
      return AILING;
    }
    try (Administrator administrator = Administrator.of(directory)) {
      ApiClient client = administrator.client();
      nodes(client, ailments);
      pods(client, ailments);
    } catch (ApiException refused) {
      ailments.add("the API server: " + refused.getMessage());
    }
    ailments.forEach(ailment -> System.out.println("ails: " + ailment));
    return ailments.isEmpty() ? 0 : AILING;
  }

  private static void nodes(ApiClient client, List<String> ailments) {
    List<Tree> nodes = client.list(Resources.NODES, null, Query.none()).trees("items");
    int ready = 0;
    for (Tree node : nodes) {
      Tree condition = condition(node, "Ready");
      if (condition.textOrEmpty("status").equals("True")) {
        ready++;
      } else {
        ailments.add("node " + Meta.name(node) + ": " + condition.textOrEmpty("message"));
      }
    }
    System.out.println("Nodes: " + ready + " of " + nodes.size() + " ready.");
  }

  private static void pods(ApiClient client, List<String> ailments) {
    List<Tree> pods = client.list(Resources.PODS, null, Query.none()).trees("items");
    int well = 0;
    for (Tree pod : pods) {
      String phase = pod.textOrEmpty("status", "phase");
      Tree ready = condition(pod, "Ready");
      if (phase.equals("Succeeded") || ready.textOrEmpty("status").equals("True")) {
        well++;
      } else {
        String why = pod.textOrEmpty("status", "message");
        ailments.add(
            "pod %s: %s"
                .formatted(
                    Meta.key(pod),
                    String.join(
                        " ",
                        Stream.of(
                                phase,
                                pod.textOrEmpty("status", "reason"),
                                why.isEmpty() ? ready.textOrEmpty("message") : why)
                            .filter(word -> !word.isEmpty())
                            .toList())));
      }
    }
    System.out.println("Pods: " + well + " of " + pods.size() + " ready or done.");
  }

  private static Tree condition(Tree object, String type) {
    for (Tree condition : object.trees("status", "conditions")) {
      if (condition.textOrEmpty("type").equals(type)) {
        return condition;
      }
    }
    return new Tree();
  }
}
