package io.bulwark.cluster.image.registry;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How registries are reached. Immutable.
 *
 * @param authorities files with PEM certificates to trust besides the system's
 * @param mirrors to try first, by registry host, in order; a mirror serves the same repositories
 *     below its address
 * @param plainLoopback whether plain HTTP is spoken to loopback addresses; never to any other
 * @param credentials asked by registry host when a registry asks for some
 * @param patience how long to wait for a connection, for an answer, and for the next bytes of one
 */
public record RegistryConfiguration(
    List<Path> authorities,
    Map<String, List<URI>> mirrors,
    boolean plainLoopback,
    Credentials credentials,
    Duration patience) {
  /** Only the system's authorities, no mirrors, no plain HTTP, anonymous, 30 seconds. */
  public static final RegistryConfiguration USUAL =
      new RegistryConfiguration(
          List.of(), Map.of(), false, Credentials.NONE, Duration.ofSeconds(30));

  /** Copies the lists and refuses mirrors without TLS, unless they are loopback and allowed. */
  public RegistryConfiguration {
    authorities = List.copyOf(authorities);
    mirrors = Map.copyOf(mirrors);
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience must be positive");
    }
    for (List<URI> all : mirrors.values()) {
      for (URI mirror : all) {
        boolean plain =
            "http".equals(mirror.getScheme())
                && plainLoopback
                && Endpoint.loopback(mirror.getHost());
        if (mirror.getHost() == null || (!plain && !"https".equals(mirror.getScheme()))) {
          throw new IllegalArgumentException("a mirror needs an https address, not " + mirror);
        }
      }
    }
  }
}
