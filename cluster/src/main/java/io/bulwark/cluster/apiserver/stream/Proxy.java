package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.platform.http.HttpExchange;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.Relay;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Passes HTTP requests to pods, Services and nodes.
 *
 * <p>Source: k8s.io/apimachinery/pkg/util/proxy.
 */
final class Proxy {
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final String UNRESERVED = "-._~!$&'()*+,;=:@/";
  private static final Set<String> BODILESS = Set.of("GET", "HEAD");

  private final StreamObjects objects;
  private final NodeDialer nodes;
  private final ProxyTargets targets;

  Proxy(StreamObjects objects, NodeDialer nodes) {
    this.objects = objects;
    this.nodes = nodes;
    this.targets = new ProxyTargets(objects);
  }

  Outgoing handle(Incoming incoming, Attributes asked) {
    String prefix = prefix(asked);
    String rest =
        incoming.path().startsWith(prefix) ? incoming.path().substring(prefix.length()) : "";
    if (rest.isEmpty() && BODILESS.contains(incoming.method()) && !incoming.upgrade()) {
      return new Outgoing.Complete(
          301, Map.of("location", escape(incoming.path()) + "/" + query(incoming)), List.of());
    }
    String target = (rest.startsWith("/") ? "" : "/") + escape(rest) + query(incoming);
    HttpExchange answer = send(incoming, asked, target);
    try {
      String host = incoming.header("host");
      ProxiedLinks links =
          new ProxiedLinks(escape(prefix), answer.authority(), host == null ? "" : host);
      return incoming.upgrade() && answer.status() == 101
          ? Relay.upgrade(answer)
          : ProxiedPage.of(answer, links);
    } catch (IOException broken) {
      answer.close();
      throw unreachable(NodeDialer.reason(broken)).rejected();
    }
  }

  private static String prefix(Attributes asked) {
    String namespace =
        asked.namespace().isEmpty() || asked.resource().equals("nodes")
            ? ""
            : "namespaces/" + asked.namespace() + "/";
    return "/api/v1/" + namespace + asked.resource() + "/" + asked.name() + "/proxy";
  }

  private HttpExchange send(Incoming incoming, Attributes asked, String target) {
    ProxyTargets.Name name = ProxyTargets.Name.parse(asked);
    if (asked.resource().equals("nodes")) {
      Tree node = objects.node(name.name());
      if (node == null) {
        throw new Failure.NotFound(new GroupResource("", "nodes"), name.name()).rejected();
      }
      if (name.port().isEmpty() || name.port().equals(Integer.toString(NodeDialer.port(node)))) {
        return nodes.send(node, incoming.method(), target, headers(incoming), incoming.body());
      }
    }
    HttpExchange.Address to = targets.address(asked, name);
    try {
      return HttpExchange.send(
          to, incoming.method(), target, headers(incoming), incoming.body(), ANSWER);
    } catch (ConnectException refused) {
      throw unreachable("dial tcp " + to.authority() + ": " + NodeDialer.reason(refused))
          .rejected();
    } catch (IOException broken) {
      throw unreachable(NodeDialer.reason(broken)).rejected();
    }
  }

  private static Failure unreachable(String reason) {
    return new Failure.ServiceUnavailable("error trying to reach service: " + reason);
  }

  private static List<Map.Entry<String, String>> headers(Incoming incoming) {
    Map<String, String> kept =
        new HashMap<>(Relay.endToEnd(PodStreams.withoutCredentials(incoming.headers())));
    kept.remove("expect");
    kept.merge(
        "x-forwarded-for", incoming.remoteAddress(), (already, from) -> already + ", " + from);
    String host = incoming.header("host");
    if (host != null) {
      kept.put("x-forwarded-host", host);
    }
    kept.put("x-forwarded-proto", "https");
    kept.put("x-forwarded-uri", incoming.path());
    List<Map.Entry<String, String>> headers = new ArrayList<>(kept.entrySet());
    String upgrade = incoming.header("upgrade");
    if (incoming.upgrade() && upgrade != null) {
      headers.add(Map.entry("Connection", "Upgrade"));
      headers.add(Map.entry("Upgrade", upgrade));
    }
    return headers;
  }

  private static String query(Incoming incoming) {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    incoming
        .query()
        .forEach(
            (name, values) ->
                values.forEach(
                    value ->
                        query.add(
                            URLEncoder.encode(name, StandardCharsets.UTF_8)
                                + "="
                                + URLEncoder.encode(value, StandardCharsets.UTF_8))));
    return query.toString();
  }

  private static String escape(String path) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (each & 0xff);
      if ((letter >= 'a' && letter <= 'z')
          || (letter >= 'A' && letter <= 'Z')
          || (letter >= '0' && letter <= '9')
          || UNRESERVED.indexOf(letter) >= 0) {
        escaped.append(letter);
      } else {
        escaped.append('%').append(String.format("%02X", each & 0xff));
      }
    }
    return escaped.toString();
  }
}
