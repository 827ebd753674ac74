package io.bulwark.cluster.apiserver.audit;

import io.bulwark.cluster.apiserver.audit.AuditEvent.Target;
import java.util.List;
import java.util.Set;

/** Which requests are worth a line: all but the pulse of the cluster itself. */
public final class AuditPolicy {
  private static final Set<String> READING = Set.of("get", "list", "watch");
  private static final List<String> COMPONENTS =
      List.of(
          "system:apiserver", "system:kube-", "system:node:", "system:serviceaccount:kube-system:");

  private AuditPolicy() {}

  /**
   * @param user name of who really sent the request; empty where that could not be told
   */
  public static boolean records(String path, Target target, String user) {
    if (target.resource().isEmpty()) {
      return !path.startsWith("/healthz")
          && !path.startsWith("/livez")
          && !path.startsWith("/readyz")
          && !path.equals("/version")
          && !path.equals("/metrics")
          && !path.startsWith("/openapi")
          && !path.startsWith("/api");
    }
    boolean component = COMPONENTS.stream().anyMatch(user::startsWith);
    if (target.resource().equals("events")
        || (component && target.resource().equals("leases"))
        || (component
            && target.subresource().equals("status")
            && target.resource().equals("nodes"))) {
      return false;
    }
    boolean sensitive = target.resource().equals("secrets") || target.subresource().equals("token");
    return !component
        || !READING.contains(target.verb())
        || (sensitive && !target.verb().equals("watch"));
  }
}
