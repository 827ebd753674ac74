package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.HttpExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Connects the API server to the endpoints of nodes. A node's serving certificate must be signed by
 * the authority that the context trusts, for the address that the Node object names. Thread-safe.
 */
public final class NodeDialer {
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final List<String> ADDRESS_TYPES = List.of("InternalIP", "ExternalIP", "Hostname");

  private final Supplier<SSLContext> tls;

  /**
   * @param tls trusts the cluster's authority and shows the API server's own client certificate;
   *     asked for each connection
   */
  public NodeDialer(Supplier<SSLContext> tls) {
    this.tls = tls;
  }

  HttpExchange send(
      Tree node,
      String method,
      String target,
      List<Map.Entry<String, String>> headers,
      byte[] body) {
    HttpExchange.Address to = HttpExchange.Address.verified(address(node), port(node), tls.get());
    try {
      return HttpExchange.send(to, method, target, headers, body, ANSWER);
    } catch (IOException unreachable) {
      throw new Failure.InternalError(
              "error dialing backend: dial tcp " + to.authority() + ": " + reason(unreachable))
          .rejected();
    }
  }

  static String reason(IOException cause) {
    String message = cause.getMessage();
    if (cause instanceof ConnectException && "Connection refused".equals(message)) {
      return "connect: connection refused";
    }
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  static int port(Tree node) {
    return (int) node.number(10250, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
  }

  static String address(Tree node) {
    for (String type : ADDRESS_TYPES) {
      for (Tree address : node.trees("status", "addresses")) {
        if (address.textOrEmpty("type").equals(type) && !address.textOrEmpty("address").isEmpty()) {
          return address.textOrEmpty("address");
        }
      }
    }
    throw new Failure.InternalError("no preferred addresses found; known addresses: []").rejected();
  }
}
