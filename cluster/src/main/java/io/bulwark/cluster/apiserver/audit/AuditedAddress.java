package io.bulwark.cluster.apiserver.audit;

import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The address of a request as the log may have it: without the values of what could be secret. */
final class AuditedAddress {
  private static final Set<String> SECRET = Set.of("token", "access_token", "command");

  private AuditedAddress() {}

  static String of(Incoming incoming) {
    StringBuilder address = new StringBuilder(incoming.path());
    char separator = '?';
    for (Map.Entry<String, List<String>> parameter : incoming.query().entrySet()) {
      for (String value : parameter.getValue()) {
        address.append(separator).append(parameter.getKey()).append('=');
        address.append(SECRET.contains(parameter.getKey()) ? "***" : value);
        separator = '&';
      }
    }
    return address.toString();
  }
}
