package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.registry.ServiceRanges;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * How an API server is set up.
 *
 * @param address IPv4 address at which pods and other machines reach the API
 * @param port of the API at that address
 * @param services where Services get addresses and node ports
 */
public record ApiServerSettings(
    InstantSource clock, RandomGenerator random, String address, int port, ServiceRanges services) {
  public ApiServerSettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /** Upstream's ranges. */
  public static ApiServerSettings standard(String address, int port) {
    return new ApiServerSettings(
        InstantSource.system(),
        new java.security.SecureRandom(),
        address,
        port,
        ServiceRanges.of("10.96.0.0/16"));
  }
}
