package io.bulwark.cluster.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.NodePorts;
import io.bulwark.cluster.apiserver.TestApi;
import io.bulwark.cluster.network.hostport.HostPorts;
import io.bulwark.cluster.network.kernel.CommandKernel;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.node.agent.NodeConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real node: containerd, an API server in memory, and an agent that may be restarted. Ends with
 * the test class that has registered it.
 */
final class OwnNode implements AfterAllCallback {
  static final String NAME = "own-node";
  private static final long LIMIT_SECONDS = 40;

  private final TestApi api = TestApi.started();
  private final OwnContainerd containerd = OwnContainerd.start();
  private final ApiClient client;
  private final String table =
      "bulwark-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
  private volatile Duration passed = Duration.ZERO;
  private NodeAgent agent;

  /** Starts the node of a test class. */
  static OwnNode ofClass() {
    try {
      OwnNode node = new OwnNode();
      try {
        node.begin();
        return node;
      } catch (Exception | AssertionError failed) {
        node.close();
        throw failed;
      }
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private OwnNode() throws Exception {
    client = api.client();
    try {
      agent = newAgent();
    } catch (Exception failed) {
      try (api;
          containerd) {
        throw failed;
      }
    }
  }

  private void begin() throws Exception {
    for (String namespace : new String[] {"default", "kube-node-lease"}) {
      try {
        client.create(Resources.NAMESPACES, null, object("Namespace", namespace));
      } catch (ApiException present) {
        if (!present.alreadyExists()) {
          throw present;
        }
      }
    }
    client.patch(
        Resources.NAMESPACES,
        null,
        "default",
        null,
        PatchType.MERGE,
        Tree.of(
            "metadata",
            Tree.of("labels", Tree.of("pod-security.kubernetes.io/enforce", "privileged"))),
        Query.none());
    Tree authority = object("ConfigMap", "kube-root-ca.crt");
    authority.put("data", Tree.of("ca.crt", "none"));
    client.create(Resources.CONFIG_MAPS, "default", authority);
    agent.start();
    until("node is ready", () -> ready(client.find(Resources.NODES, null, NAME)) ? true : null);
  }

  private NodeAgent newAgent() throws Exception {
    NodeConfiguration configuration =
        NodeConfiguration.of(
            NAME, containerd.directory().resolve("node"), "127.0.0.1", List.of("10.96.0.10"), 0);
    ApiClient own =
        new ApiClient(
            api.server().componentTransport("system:node:" + NAME, List.of("system:nodes")));
    return new NodeAgent(
        configuration,
        own,
        containerd.runtime(),
        new NodePorts(new HostPorts(new CommandKernel(), table)),
        () -> Instant.now().plus(passed));
  }

  /** Has the agent's clock go on by this much. */
  void pass(Duration time) {
    passed = passed.plus(time);
  }

  /** Ends the agent and starts another, as a restart of the process would. */
  void restartAgent() throws Exception {
    restartAgent(() -> {});
  }

  /**
   * @param meanwhile is done while there is no agent
   */
  void restartAgent(Runnable meanwhile) throws Exception {
    agent.close();
    meanwhile.run();
    agent = newAgent();
    agent.start();
  }

  ApiClient client() {
    return client;
  }

  NodeAgent agent() {
    return agent;
  }

  OwnContainerd containerd() {
    return containerd;
  }

  static Tree object(String kind, String name) {
    return Tree.of("apiVersion", "v1", "kind", kind, "metadata", Tree.of("name", name));
  }

  /** A pod on this node with one busybox container that runs a script. */
  static Tree pod(String name, String script) {
    Tree pod = object("Pod", name);
    pod.set("default", "metadata", "namespace");
    Tree container =
        Tree.of(
            "command",
            TreeList.of("sh", "-c", script),
            "image",
            OwnContainerd.BUSYBOX,
            "imagePullPolicy",
            "IfNotPresent",
            "name",
            "main");
    pod.put(
        "spec",
        Tree.of(
            "containers",
            TreeList.of(container),
            "nodeName",
            NAME,
            "terminationGracePeriodSeconds",
            1));
    return pod;
  }

  Tree create(Tree pod) {
    return client.create(Resources.PODS, "default", pod);
  }

  Tree podUntil(String name, Predicate<Tree> wanted) throws InterruptedException {
    return until(
        "pod " + name,
        () -> {
          Tree pod = client.find(Resources.PODS, "default", name);
          return pod != null && wanted.test(pod) ? pod : null;
        });
  }

  Tree running(Tree pod) throws InterruptedException {
    create(pod);
    return podUntil(Meta.name(pod), OwnNode::ready);
  }

  void deleted(String name) throws InterruptedException {
    client.delete(Resources.PODS, "default", name, null);
    until(
        "end of " + name, () -> client.find(Resources.PODS, "default", name) == null ? true : null);
  }

  static boolean ready(@Nullable Tree object) {
    return object != null
        && object.trees("status", "conditions").stream()
            .anyMatch(
                condition ->
                    condition.textOrEmpty("type").equals("Ready")
                        && condition.textOrEmpty("status").equals("True"));
  }

  static Tree status(Tree pod, String container) {
    for (String field :
        new String[] {"containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"}) {
      for (Tree status : pod.trees("status", field)) {
        if (status.textOrEmpty("name").equals(container)) {
          return status;
        }
      }
    }
    return new Tree();
  }

  String exec(Tree pod, String container, String script) {
    String id = status(pod, container).textOrEmpty("containerID").replace("containerd://", "");
    return containerd
        .runtime()
        .exec(id, List.of("sh", "-c", script), Duration.ofSeconds(10))
        .text();
  }

  List<String> events(String name, String reason) {
    return client.list(Resources.EVENTS, "default", Query.none()).trees("items").stream()
        .filter(event -> event.textOrEmpty("involvedObject", "name").equals(name))
        .filter(event -> event.textOrEmpty("reason").equals(reason))
        .map(event -> event.textOrEmpty("message"))
        .toList();
  }

  /** The kernel's rules for host ports; empty where there are none. */
  String hostPortRules() {
    try {
      return new CommandKernel().run(List.of("nft", "list", "table", "ip", table), "");
    } catch (Kernel.Refused none) {
      return "";
    }
  }

  interface Attempt<T> {
    @Nullable T get();
  }

  static <T> T until(String what, Attempt<T> attempt) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < end) {
      T found = attempt.get();
      if (found != null) {
        return found;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("waited in vain for " + what);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    close();
  }

  private void close() throws Exception {
    try (api;
        containerd) {
      agent.close();
    }
    try {
      new CommandKernel().run(List.of("nft", "delete", "table", "ip", table), "");
    } catch (Kernel.Refused none) {
      // No pod of this test had host ports.
    }
  }
}
