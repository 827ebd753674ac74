package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Query;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.Relay;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The subresources that are streams. Requests are already authorized; each is passed to the
 * endpoint of the pod's node. Methods block until the node has answered. Thread-safe.
 *
 * <p>Refusals are thrown as {@link io.bulwark.api.failure.Rejected}.
 */
public final class PodStreams {
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final String SPDY = "SPDY/3.1";

  private final StreamObjects objects;
  private final NodeDialer nodes;
  private final Proxy proxy;

  public PodStreams(StreamObjects objects, NodeDialer nodes) {
    this.objects = objects;
    this.nodes = nodes;
    this.proxy = new Proxy(objects, nodes);
  }

  /** Whether a subresource is served here. */
  public static boolean serves(String resource, String subresource) {
    return switch (subresource) {
      case "log", "exec", "attach", "portforward" -> resource.equals("pods");
      case "proxy" -> List.of("pods", "services", "nodes").contains(resource);
      default -> false;
    };
  }

  /** Serves a request on any of the subresources. */
  public Outgoing handle(Authorized request) {
    return handle(request.incoming(), request.attributes());
  }

  Outgoing handle(Incoming incoming, Attributes asked) {
    return switch (asked.subresource()) {
      case "log" -> log(incoming, asked);
      case "exec" ->
          command(incoming, asked, "exec", incoming.query().getOrDefault("command", List.of()));
      case "attach" -> command(incoming, asked, "attach", List.of());
      case "portforward" -> portForward(incoming, asked);
      case "proxy" -> proxy.handle(incoming, asked);
      default -> throw new Failure.NoSuchPath().rejected();
    };
  }

  private Tree pod(Attributes asked) {
    Tree pod = objects.pod(asked.namespace(), asked.name());
    if (pod == null) {
      throw new Failure.NotFound(PODS, asked.name()).rejected();
    }
    return pod;
  }

  /** The node that runs a pod. */
  private Tree node(Tree pod) {
    String name = pod.textOrEmpty("spec", "nodeName");
    if (name.isEmpty()) {
      throw new Failure.BadRequest(
              "pod " + pod.textOrEmpty("metadata", "name") + " does not have a host assigned")
          .rejected();
    }
    Tree node = objects.node(name);
    if (node == null) {
      throw new Failure.NotFound(new GroupResource("", "nodes"), name).rejected();
    }
    return node;
  }

  private static String path(String action, Tree pod) {
    return "/"
        + action
        + "/"
        + pod.textOrEmpty("metadata", "namespace")
        + "/"
        + pod.textOrEmpty("metadata", "name");
  }

  private Outgoing log(Incoming incoming, Attributes asked) {
    Query query = LogRequest.query(incoming, asked.name());
    Tree pod = pod(asked);
    String container = Containers.choose(pod, incoming.parameter("container"));
    if (pod.textOrEmpty("spec", "nodeName").isEmpty()) {
      return new Outgoing.Complete(204, Map.of(), List.of());
    }
    String protocol =
        WebSocket.requested(incoming) ? negotiate(incoming, LogSocket.PROTOCOLS) : null;
    HttpExchange answer =
        nodes.send(
            node(pod),
            "GET",
            path("containerLogs", pod) + "/" + container + query.text(),
            List.of(),
            new byte[0]);
    try {
      if (answer.status() >= 400) {
        throw refusal(answer, asked.name()).rejected();
      }
      if (protocol != null) {
        return LogSocket.accept(incoming, protocol, answer);
      }
      return Relay.response(answer);
    } catch (IOException broken) {
      answer.close();
      throw new Failure.InternalError(NodeDialer.reason(broken)).rejected();
    }
  }

  private static Failure refusal(HttpExchange answer, String pod) throws IOException {
    try (InputStream body = answer.body()) {
      String words = new String(body.readNBytes(16 * 1024), StandardCharsets.UTF_8).strip();
      return switch (answer.status()) {
        case 400 -> new Failure.BadRequest(words);
        case 404 -> {
          Tree status = Statuses.of(new Failure.NoSuchPath());
          status.put(
              "message",
              "the server could not find the requested resource ( pods/log " + pod + ")");
          status.set(pod, "details", "name").set("pods/log", "details", "kind");
          yield new Failure.Ready(404, status);
        }
        default -> new Failure.InternalError(words);
      };
    }
  }

  private Outgoing command(
      Incoming incoming, Attributes asked, String action, List<String> command) {
    Tree pod = pod(asked);
    String container = Containers.choose(pod, incoming.parameter("container"));
    Tree node = node(pod);
    upgradeRequired(incoming);
    boolean terminal = incoming.flag("tty");
    Terminal.Wanted wanted =
        new Terminal.Wanted(
            incoming.flag("stdin"),
            incoming.flag("stdout"),
            incoming.flag("stderr") && !terminal,
            terminal);
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    add(query, "input", wanted.stdin());
    add(query, "output", wanted.stdout());
    add(query, "error", wanted.stderr());
    add(query, "tty", terminal);
    command.forEach(
        part -> query.add("command=" + URLEncoder.encode(part, StandardCharsets.UTF_8)));
    String target = path(action, pod) + "/" + container + query;
    if (!WebSocket.requested(incoming)) {
      return raw(node, incoming, target);
    }
    String chosen = negotiate(incoming, ChannelProtocol.names());
    ChannelProtocol protocol = ChannelProtocol.of(chosen);
    return bridge(
        node,
        incoming,
        target,
        "v4.channel.k8s.io",
        chosen,
        runtime -> new Terminal(protocol, wanted, runtime));
  }

  private static void add(StringJoiner query, String name, boolean wanted) {
    if (wanted) {
      query.add(name + "=1");
    }
  }

  private Outgoing portForward(Incoming incoming, Attributes asked) {
    Tree pod = pod(asked);
    Tree node = node(pod);
    upgradeRequired(incoming);
    String target = path("portForward", pod);
    if (!WebSocket.requested(incoming)) {
      return raw(node, incoming, target);
    }
    List<String> known = new ArrayList<>(ChannelProtocol.names());
    known.addFirst(PortTunnel.TUNNEL);
    String chosen = negotiate(incoming, known);
    if (chosen.equals(PortTunnel.TUNNEL)) {
      return bridge(node, incoming, target, "portforward.k8s.io", chosen, PortTunnel::tunnel);
    }
    List<Integer> ports = ports(incoming);
    return bridge(
        node,
        incoming,
        target,
        "portforward.k8s.io",
        chosen,
        runtime -> PortTunnel.channels(ChannelProtocol.of(chosen), ports, runtime));
  }

  private static List<Integer> ports(Incoming incoming) {
    List<Integer> ports = new ArrayList<>();
    for (String list : incoming.query().getOrDefault("ports", List.of())) {
      for (String port : list.split(",", -1)) {
        try {
          int number = Integer.parseInt(port.strip());
          if (number < 1 || number > 65_535) {
            throw new NumberFormatException();
          }
          ports.add(number);
        } catch (NumberFormatException malformed) {
          throw new Failure.BadRequest("port \"" + port + "\" must be between 1 and 65535")
              .rejected();
        }
      }
    }
    if (ports.isEmpty()) {
      throw new Failure.BadRequest("query parameter \"port\" is required").rejected();
    }
    return ports;
  }

  private static void upgradeRequired(Incoming incoming) {
    if (!incoming.upgrade()) {
      throw new Failure.BadRequest("Upgrade request required").rejected();
    }
  }

  private static String negotiate(Incoming incoming, List<String> known) {
    String chosen = WebSocket.choose(incoming, known);
    if (chosen == null) {
      throw new Failure.BadRequest(
              "unsupported WebSocket protocol: " + incoming.header("sec-websocket-protocol"))
          .rejected();
    }
    return chosen;
  }

  /** A SPDY request: its bytes go on as they are. */
  private Outgoing raw(Tree node, Incoming incoming, String target) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    String offered = incoming.header("x-stream-protocol-version");
    for (String version : offered == null ? new String[0] : offered.split(",", -1)) {
      headers.add(Map.entry("X-Stream-Protocol-Version", version.strip()));
    }
    HttpExchange answer = upgrade(node, target, headers);
    try {
      return Relay.upgrade(answer);
    } catch (IOException broken) {
      answer.close();
      throw new Failure.InternalError(NodeDialer.reason(broken)).rejected();
    }
  }

  private HttpExchange upgrade(
      Tree node, String target, List<Map.Entry<String, String>> negotiation) {
    List<Map.Entry<String, String>> headers = new ArrayList<>(negotiation);
    headers.add(Map.entry("Connection", "Upgrade"));
    headers.add(Map.entry("Upgrade", SPDY));
    return nodes.send(node, "POST", target, headers, new byte[0]);
  }

  private interface Bridge {
    WebSocket.Session over(Outgoing.Duplex runtime);
  }

  /** A WebSocket request: the node speaks SPDY. */
  private Outgoing bridge(
      Tree node,
      Incoming incoming,
      String target,
      String nodeProtocol,
      String protocol,
      Bridge bridge) {
    HttpExchange answer =
        upgrade(node, target, List.of(Map.entry("X-Stream-Protocol-Version", nodeProtocol)));
    try {
      if (answer.status() != 101) {
        return Relay.response(answer);
      }
      Outgoing accepted = WebSocket.accept(incoming, protocol, bridge.over(answer));
      if (!(accepted instanceof Outgoing.Upgraded)) {
        answer.close();
      }
      return accepted;
    } catch (IOException broken) {
      answer.close();
      throw new Failure.InternalError(NodeDialer.reason(broken)).rejected();
    }
  }

  /** A copy without what was meant for the API server alone. */
  static Map<String, String> withoutCredentials(Map<String, String> headers) {
    Map<String, String> kept = new HashMap<>(headers);
    kept.keySet()
        .removeIf(
            name ->
                name.equals("authorization")
                    || name.equals("host")
                    || name.equals("content-length")
                    || name.startsWith("impersonate-")
                    || name.startsWith("x-remote-"));
    return kept;
  }
}
