package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.util.List;
import java.util.stream.Stream;

/**
 * By which names clients reach the API server.
 *
 * @param domain of the cluster, such as {@code cluster.local}
 * @param dns further names, such as the host's
 * @param addresses IP addresses: the API's service address and the host's own
 */
public record ServerNames(String domain, List<String> dns, List<String> addresses) {
  public ServerNames {
    dns = List.copyOf(dns);
    addresses = List.copyOf(addresses);
  }

  Names names() {
    Stream<String> fixed =
        Stream.of(
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc." + domain,
            "localhost");
    return Names.of(
        Stream.concat(fixed, dns.stream()).distinct().toList(),
        Stream.concat(Stream.of("127.0.0.1"), addresses.stream()).distinct().toList());
  }
}
