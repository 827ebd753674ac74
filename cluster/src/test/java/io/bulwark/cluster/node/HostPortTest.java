package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports of the node that lead to pods, on packets. */
class HostPortTest {
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();

  @Test
  void hostPortsLeadToPodsAlsoFromTheNodeItself() throws Exception {
    int port = freePort();
    node.running(page("one", port, "127.0.0.1"));
    node.running(page("two", port, "127.0.0.2"));
    assertEquals("one\n", fetch("127.0.0.1", port));
    assertEquals("two\n", fetch("127.0.0.2", port));
    node.create(page("late", port, ""));
    Tree refused =
        node.podUntil("late", each -> each.textOrEmpty("status", "phase").equals("Failed"));
    assertEquals("NodePorts", refused.textOrEmpty("status", "reason"));
    node.deleted("late");
    int wide = freePort();
    node.running(page("three", wide, ""));
    assertEquals("three\n", fetch("127.0.0.1", wide));
    assertEquals("three\n", fetch(ownAddress(), wide));
    node.restartAgent();
    node.deleted("two");
    assertEquals("one\n", fetch("127.0.0.1", port));
    assertEquals("three\n", fetch("127.0.0.1", wide));
    node.deleted("three");
    assertEquals("refused", fetch("127.0.0.1", wide));
    node.deleted("one");
  }

  @Test
  void portsOfPodsThatWentWithoutTheAgentAreClosed() throws Exception {
    int port = freePort();
    node.running(page("forgotten", port, ""));
    assertTrue(node.hostPortRules().contains(" " + port + " "), node.hostPortRules());
    node.restartAgent(
        () ->
            node.client()
                .delete(
                    Resources.PODS,
                    "default",
                    "forgotten",
                    Tree.of("apiVersion", "v1", "gracePeriodSeconds", 0, "kind", "DeleteOptions")));
    OwnNode.until(
        "the end of the rules",
        () -> node.hostPortRules().contains(" " + port + " ") ? null : true);
  }

  private static Tree page(String name, int port, String address) {
    Tree pod =
        OwnNode.pod(
            name,
            "mkdir -p /tmp/www; echo "
                + name
                + " > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www");
    Tree main = pod.trees("spec", "containers").getFirst();
    Tree mapping = Tree.of("containerPort", 8080, "hostPort", port, "protocol", "TCP");
    if (!address.isEmpty()) {
      mapping.put("hostIP", address);
    }
    main.put("ports", TreeList.of(mapping));
    main.put("readinessProbe", Tree.of("periodSeconds", 1, "tcpSocket", Tree.of("port", 8080)));
    return pod;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String ownAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .filter(each -> !each.getName().startsWith("bw-"))
        .flatMap(NetworkInterface::inetAddresses)
        .filter(each -> !each.isLoopbackAddress() && each.getAddress().length == 4)
        .map(InetAddress::getHostAddress)
        .filter(each -> !each.startsWith("10.199."))
        .findFirst()
        .orElse("127.0.0.3");
  }

  private static String fetch(String address, int port) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/index.html"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException refused) {
      return refused instanceof java.net.ConnectException ? "refused" : refused.toString();
    }
  }
}
