package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.build.Reference;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address that may serve a repository.
 *
 * @param base without a slash at its end
 * @param host whose credentials it gets
 */
record Endpoint(URI base, String host) {
  /** A reference taken apart. */
  record Name(String host, String repository, String tagOrDigest) {
    static Name of(Reference reference) {
      String text = reference.text();
      int slash = text.indexOf('/');
      String rest = text.substring(slash + 1);
      int at = rest.indexOf('@');
      int colon = rest.indexOf(':', rest.lastIndexOf('/', at < 0 ? rest.length() : at));
      boolean tagged = colon >= 0 && (at < 0 || colon < at);
      String repository = rest.substring(0, tagged ? colon : at < 0 ? rest.length() : at);
      String wanted = at >= 0 ? rest.substring(at + 1) : rest.substring(colon + 1);
      return new Name(text.substring(0, slash), repository, wanted);
    }

    boolean digest() {
      return tagOrDigest.contains(":");
    }
  }

  /** Mirrors first, then the registry itself. */
  static List<Endpoint> of(String host, RegistryConfiguration configuration) {
    List<Endpoint> all = new ArrayList<>();
    for (URI mirror : configuration.mirrors().getOrDefault(host, List.of())) {
      String base = mirror.toString().replaceFirst("/+$", "");
      all.add(new Endpoint(URI.create(base), mirror.getAuthority()));
    }
    String address = host.equals("docker.io") ? "registry-1.docker.io" : host;
    boolean plain = configuration.plainLoopback() && loopback(hostOnly(host));
    all.add(new Endpoint(URI.create((plain ? "http://" : "https://") + address), host));
    return all;
  }

  /** Whether a host is this machine by its own address; no name is looked up. */
  static boolean loopback(@Nullable String host) {
    return host != null
        && (host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127(\\.[0-9]{1,3}){3}"));
  }

  private static String hostOnly(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }
}
