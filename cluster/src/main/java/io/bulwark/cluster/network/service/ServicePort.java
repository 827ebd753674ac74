package io.bulwark.cluster.network.service;

import java.util.List;

/**
 * One port of one Service with the endpoints that serve it.
 *
 * @param name {@code namespace/name:port}, unique
 * @param addresses cluster addresses (and external ones) that it is reached by; empty for headless
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param nodePort 0 for none
 * @param endpoints what connections go to, sorted
 * @param localEndpoints the endpoints on this node
 * @param affinitySeconds how long a client stays with an endpoint; 0 for not at all
 * @param externalLocal whether traffic from outside goes to endpoints of this node only
 * @param internalLocal whether traffic from inside goes to endpoints of this node only
 */
public record ServicePort(
    String name,
    List<String> addresses,
    String protocol,
    int port,
    int nodePort,
    List<Endpoint> endpoints,
    List<Endpoint> localEndpoints,
    long affinitySeconds,
    boolean externalLocal,
    boolean internalLocal) {
  /** Where a connection ends. */
  public record Endpoint(String address, int port) implements Comparable<Endpoint> {
    @Override
    public int compareTo(Endpoint other) {
      int byAddress = address.compareTo(other.address);
      return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
  }
}
