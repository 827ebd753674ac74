package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ports of the node that lead to pods, on packets. */
class HostPortTest {
  private static OwnNode node;

  @BeforeAll
  static void start() throws Exception {
    node = OwnNode.started();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void hostPortsLeadToPodsAlsoFromTheNodeItself() throws Exception {
    int port = freePort();
    node.running(page("one", port, "127.0.0.1"));
    node.running(page("two", port, "127.0.0.2"));
    assertEquals("one\n", fetch("127.0.0.1", port));
    assertEquals("two\n", fetch("127.0.0.2", port));
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
