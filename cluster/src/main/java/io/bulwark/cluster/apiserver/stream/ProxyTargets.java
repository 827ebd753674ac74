package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.platform.http.HttpExchange;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Where a proxied request goes. */
final class ProxyTargets {
  private final StreamObjects objects;

  ProxyTargets(StreamObjects objects) {
    this.objects = objects;
  }

  /**
   * {@code name}, {@code name:port} or {@code scheme:name:port}.
   *
   * @param port empty where there is none
   */
  record Name(boolean https, String name, String port) {
    static Name parse(Attributes asked) {
      String[] parts = asked.name().split(":", -1);
      boolean https = parts.length == 3 && parts[0].equals("https");
      boolean valid =
          parts.length < 3
              || (parts.length == 3 && (https || parts[0].equals("http") || parts[0].isEmpty()));
      String name = parts.length == 3 ? parts[1] : parts[0];
      if (!valid || name.isEmpty()) {
        String kind = asked.resource().substring(0, asked.resource().length() - 1);
        throw new Failure.BadRequest("invalid " + kind + " request \"" + asked.name() + "\"")
            .rejected();
      }
      return new Name(https, name, parts.length == 1 ? "" : parts[parts.length - 1]);
    }
  }

  HttpExchange.Address address(Attributes asked, Name name) {
    return switch (asked.resource()) {
      case "pods" -> pod(asked, name);
      case "services" -> service(asked, name);
      default -> node(name);
    };
  }

  private HttpExchange.Address node(Name name) {
    Tree node = objects.node(name.name());
    if (node == null) {
      throw new Failure.NotFound(new GroupResource("", "nodes"), name.name()).rejected();
    }
    return at(NodeDialer.address(node), number(name.port()), name.https());
  }

  private HttpExchange.Address pod(Attributes asked, Name name) {
    Tree pod = objects.pod(asked.namespace(), name.name());
    if (pod == null) {
      throw new Failure.NotFound(new GroupResource("", "pods"), name.name()).rejected();
    }
    String address = allowed(pod.textOrEmpty("status", "podIP"));
    if (!name.port().isEmpty()) {
      return at(address, number(name.port()), name.https());
    }
    for (Tree container : pod.trees("spec", "containers")) {
      for (Tree port : container.trees("ports")) {
        return at(address, (int) port.number(80, "containerPort"), name.https());
      }
    }
    return at(address, name.https() ? 443 : 80, name.https());
  }

  private HttpExchange.Address service(Attributes asked, Name name) {
    Tree service = objects.service(asked.namespace(), name.name());
    if (service == null) {
      throw new Failure.NotFound(new GroupResource("", "services"), name.name()).rejected();
    }
    String port = portName(service, name);
    List<HttpExchange.Address> ready = new ArrayList<>();
    for (Tree slice : objects.endpointSlices(asked.namespace(), name.name())) {
      for (Tree offered : slice.trees("ports")) {
        if ((port.isEmpty() && slice.trees("ports").size() == 1)
            || offered.textOrEmpty("name").equals(port)) {
          collect(slice, (int) offered.number(0, "port"), name.https(), ready);
        }
      }
    }
    if (ready.isEmpty()) {
      throw new Failure.ServiceUnavailable(
              "no endpoints available for service \"" + name.name() + "\"")
          .rejected();
    }
    return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
  }

  private static void collect(
      Tree slice, int port, boolean https, List<HttpExchange.Address> ready) {
    for (Tree endpoint : slice.trees("endpoints")) {
      if (!Boolean.FALSE.equals(endpoint.at("conditions", "ready"))) {
        for (String address : endpoint.texts("addresses")) {
          ready.add(at(allowed(address), port, https));
        }
      }
    }
  }

  /** The name of the Service's port that a request names by name or by number. */
  private static String portName(Tree service, Name name) {
    if (name.port().isEmpty()) {
      return "";
    }
    for (Tree port : service.trees("spec", "ports")) {
      if (port.textOrEmpty("name").equals(name.port())
          || Long.toString(port.number(0, "port")).equals(name.port())) {
        return port.textOrEmpty("name");
      }
    }
    throw new Failure.ServiceUnavailable(
            "no service port " + shown(name.port()) + " found for service \"" + name.name() + "\"")
        .rejected();
  }

  private static String shown(String port) {
    return port.chars().allMatch(Character::isDigit) ? port : '"' + port + '"';
  }

  private static int number(String port) {
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number < 65_536) {
        return number;
      }
    } catch (NumberFormatException malformed) {
      // Said below.
    }
    throw new Failure.BadRequest("invalid port \"" + port + "\"").rejected();
  }

  /** Only addresses that a pod may have: never the machine's own or the link's. */
  private static String allowed(String address) {
    boolean literal = !address.isEmpty() && address.matches("[0-9a-fA-F:.]+");
    try {
      InetAddress parsed = literal ? InetAddress.getByName(address) : null;
      if (parsed != null
          && !parsed.isLoopbackAddress()
          && !parsed.isLinkLocalAddress()
          && !parsed.isAnyLocalAddress()
          && !parsed.isMulticastAddress()) {
        return address;
      }
    } catch (UnknownHostException malformed) {
      // Said below.
    }
    throw new Failure.BadRequest("address not allowed").rejected();
  }

  private static HttpExchange.Address at(String host, int port, boolean https) {
    return https
        ? new HttpExchange.Address(host, port, AnyCertificate.CONTEXT, false)
        : HttpExchange.Address.plain(host, port);
  }

  /** Upstream does not verify the certificates of pods either: they are not of the cluster. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    static final SSLContext CONTEXT = context();

    private static SSLContext context() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return context;
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
