package io.bulwark.cluster.node.server;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.Relay;
import io.bulwark.cluster.platform.http.SinkOutput;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a node's endpoint.
 *
 * <p>Source: the kubelet's HTTP API as k8s.io/kubernetes/pkg/kubelet/server serves it.
 */
final class NodeRoutes {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final NodeAccess access;
  private final PodDirectory pods;
  private final Supplier<String> metrics;
  private final ImageRoutes images;
  private final InstantSource clock;

  NodeRoutes(
      NodeAccess access,
      PodDirectory pods,
      Supplier<String> metrics,
      ImageContents images,
      InstantSource clock) {
    this.images = new ImageRoutes(images);
    this.access = access;
    this.pods = pods;
    this.metrics = metrics;
    this.clock = clock;
  }

  Outgoing handle(Incoming incoming) {
    String verb = NodeAccess.verb(incoming.method(), incoming.path());
    List<String> subresources = NodeAccess.subresources(incoming.path());
    try {
      NodeUser user = access.user(incoming);
      if (user == null) {
        return text(401, "Unauthorized");
      }
      if (!access.allowed(user, verb, subresources)) {
        return text(
            403,
            "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=%s)\n"
                .formatted(user.name(), verb, subresources));
      }
    } catch (ApiException unreachable) {
      return text(500, "cannot authorize: " + unreachable.getMessage());
    }
    return route(incoming);
  }

  private Outgoing route(Incoming incoming) {
    String[] parts = incoming.path().split("/", -1);
    String first = parts.length > 1 ? parts[1] : "";
    if (first.equals("exec") || first.equals("attach") || first.equals("portForward")) {
      return stream(incoming, first, parts);
    }
    if (!incoming.method().equals("GET") && !incoming.method().equals("HEAD")) {
      return text(405, "405: Method Not Allowed");
    }
    return switch (first) {
      case "healthz" -> text(200, "ok");
      case "pods", "runningpods" -> json(podList());
      case "stats" ->
          incoming.path().equals("/stats/summary")
              ? json(pods.summary())
              : text(404, "404 page not found\n");
      case "metrics" ->
          incoming.path().equals("/metrics")
              ? Outgoing.Complete.of(
                  200,
                  "text/plain; version=0.0.4; charset=utf-8",
                  metrics.get().getBytes(StandardCharsets.UTF_8))
              : text(404, "404 page not found\n");
      case "images" -> images.answer(incoming);
      case "containerLogs" -> logs(incoming, parts);
      case "logs" -> text(405, "logs endpoint is disabled.\n");
      default -> text(404, "404 page not found\n");
    };
  }

  private Tree podList() {
    TreeList items = new TreeList();
    for (Tree pod : pods.pods()) {
      items.add(pod);
    }
    return Tree.of("apiVersion", "v1", "kind", "PodList", "metadata", new Tree(), "items", items);
  }

  private Outgoing logs(Incoming incoming, String[] parts) {
    if (parts.length != 5 || parts[4].isEmpty()) {
      return text(400, "{\"message\": \"Missing container name.\"}");
    }
    String name = parts[3];
    String container = parts[4];
    Tree pod = pods.pod(parts[2], name);
    if (pod == null) {
      return text(404, "pod \"" + name + "\" does not exist\n");
    }
    if (!LogState.hasContainer(pod, container)) {
      return text(404, "container \"" + container + "\" not found in pod \"" + name + "\"\n");
    }
    LogOptions options;
    try {
      options = options(incoming);
    } catch (IllegalArgumentException | DateTimeParseException malformed) {
      return text(400, "{\"message\": \"Unable to decode query.\"}");
    }
    boolean previous = incoming.flag("previous");
    String refused = LogState.refusal(pod, container, previous);
    if (refused != null) {
      return text(400, refused);
    }
    PodDirectory.Log log = pods.log(pod, container, previous);
    if (log == null) {
      return text(400, "container \"" + container + "\" in pod \"" + name + "\" is not available");
    }
    AtomicBoolean gone = new AtomicBoolean();
    return new Outgoing.Streaming(
        200,
        Map.of("content-type", "text/plain"),
        SinkOutput.start(
            out -> ContainerLogs.copy(log, options, out, gone::get), () -> gone.set(true)));
  }

  private LogOptions options(Incoming incoming) {
    Instant since = null;
    String sinceTime = incoming.parameter("sinceTime");
    String stream = incoming.parameter("stream");
    long seconds = number(incoming, "sinceSeconds");
    if (sinceTime != null && !sinceTime.isEmpty()) {
      since = OffsetDateTime.parse(sinceTime).toInstant();
    } else if (seconds >= 0) {
      since = clock.instant().minusSeconds(seconds);
    }
    return new LogOptions(
        incoming.flag("follow"),
        incoming.flag("timestamps"),
        since,
        number(incoming, "tailLines"),
        number(incoming, "limitBytes"),
        stream == null || stream.isEmpty() ? "All" : stream);
  }

  private static long number(Incoming incoming, String name) {
    String text = incoming.parameter(name);
    return text == null || text.isEmpty() ? -1 : Long.parseLong(text);
  }

  private Outgoing stream(Incoming incoming, String action, String[] parts) {
    boolean forward = action.equals("portForward");
    if (parts.length < (forward ? 4 : 5)) {
      return text(404, "404 page not found\n");
    }
    Tree pod = pods.pod(parts[2], parts[3]);
    if (pod == null) {
      return text(404, "pod does not exist");
    }
    if (!incoming.upgrade()) {
      return text(400, "Upgrade request required");
    }
    PodDirectory.Streams streams =
        new PodDirectory.Streams(
            incoming.flag("input"),
            incoming.flag("output"),
            incoming.flag("error"),
            incoming.flag("tty"));
    if (!forward && !streams.stdin() && !streams.stdout() && !streams.stderr()) {
      return text(400, "you must specify at least 1 of stdin, stdout, stderr");
    }
    if (streams.terminal() && streams.stderr()) {
      return text(400, "tty and stderr cannot both be true");
    }
    try {
      URI at =
          switch (action) {
            case "exec" ->
                pods.exec(
                    pod,
                    parts[parts.length - 1],
                    incoming.query().getOrDefault("command", List.of()),
                    streams);
            case "attach" -> pods.attach(pod, parts[parts.length - 1], streams);
            default -> pods.portForward(pod, ports(incoming));
          };
      return Relay.upgrade(dial(incoming, at));
    } catch (PodDirectory.NotRunning absent) {
      return text(500, String.valueOf(absent.getMessage()));
    } catch (NumberFormatException malformed) {
      return text(400, "malformed port");
    } catch (IOException refused) {
      return text(500, String.valueOf(refused.getMessage()));
    }
  }

  private static List<Integer> ports(Incoming incoming) {
    List<Integer> ports = new ArrayList<>();
    for (String port : incoming.query().getOrDefault("port", List.of())) {
      ports.add(Integer.valueOf(port));
    }
    return ports;
  }

  private static HttpExchange dial(Incoming incoming, URI at) throws IOException {
    String query = at.getRawQuery();
    return HttpExchange.send(
        HttpExchange.Address.plain(at.getHost(), at.getPort()),
        incoming.method(),
        at.getRawPath() + (query == null ? "" : "?" + query),
        upgradeHeaders(incoming),
        new byte[0],
        ANSWER);
  }

  /** What negotiates the upgrade, each value in a header of its own. */
  static List<Map.Entry<String, String>> upgradeHeaders(Incoming incoming) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Connection", "Upgrade"));
    headers.add(Map.entry("Upgrade", header(incoming, "upgrade")));
    for (String version : header(incoming, "x-stream-protocol-version").split(",", -1)) {
      if (!version.isBlank()) {
        headers.add(Map.entry("X-Stream-Protocol-Version", version.strip()));
      }
    }
    incoming
        .headers()
        .forEach(
            (name, value) -> {
              if (name.startsWith("sec-websocket-")) {
                headers.add(Map.entry(name, value));
              }
            });
    return headers;
  }

  private static String header(Incoming incoming, String name) {
    @Nullable String value = incoming.header(name);
    return value == null ? "" : value;
  }

  private static Outgoing json(Tree tree) {
    return Outgoing.Complete.of(200, "application/json", Json.write(tree));
  }

  private static Outgoing text(int code, String words) {
    return Outgoing.Complete.of(
        code, "text/plain; charset=utf-8", words.getBytes(StandardCharsets.UTF_8));
  }
}
