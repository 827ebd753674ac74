package io.bulwark.cluster.apiserver.flow;

import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Which requests belong to a priority level. The first schema that matches counts.
 *
 * @param byUser whether each user is a flow of its own
 */
record FlowSchema(
    String name, String level, boolean byUser, BiPredicate<Subject, RequestInfo> matches) {
  private static final String KUBE_SYSTEM = "system:serviceaccount:kube-system:";
  private static final Set<String> ELECTION_VERBS = Set.of("get", "create", "update");
  private static final Set<String> PROBES = Set.of("/healthz", "/livez", "/readyz");

  /** Source: the suggested and mandatory configuration in upstream's documentation. */
  static final List<FlowSchema> STANDARD =
      List.of(
          schema("exempt", "exempt", false, (who, what) -> in(who, "system:masters")),
          schema("probes", "exempt", false, FlowSchema::probe),
          schema(
              "system-leader-election",
              "leader-election",
              true,
              (who, what) -> controlPlane(who) && leases(what)),
          schema(
              "endpoint-controller",
              "workload-high",
              true,
              (who, what) -> endpointController(who) && endpoints(what)),
          schema(
              "workload-leader-election",
              "leader-election",
              true,
              (who, what) -> in(who, "system:serviceaccounts") && leases(what)),
          schema(
              "system-node-high",
              "node-high",
              true,
              (who, what) -> in(who, "system:nodes") && nodeHealth(what)),
          schema("system-nodes", "system", true, (who, what) -> in(who, "system:nodes")),
          schema(
              "kube-controller-manager",
              "workload-high",
              true,
              (who, what) -> who.name().equals("system:kube-controller-manager")),
          schema(
              "kube-scheduler",
              "workload-high",
              true,
              (who, what) -> who.name().equals("system:kube-scheduler")),
          schema(
              "kube-system-service-accounts",
              "workload-high",
              true,
              (who, what) -> who.name().startsWith(KUBE_SYSTEM)),
          schema(
              "service-accounts",
              "workload-low",
              true,
              (who, what) -> in(who, "system:serviceaccounts")),
          schema(
              "global-default",
              "global-default",
              true,
              (who, what) -> in(who, "system:authenticated") || in(who, "system:unauthenticated")),
          schema("catch-all", "catch-all", true, (who, what) -> true));

  private static FlowSchema schema(
      String name, String level, boolean byUser, BiPredicate<Subject, RequestInfo> matches) {
    return new FlowSchema(name, level, byUser, matches);
  }

  private static boolean in(Subject who, String group) {
    return who.groups().contains(group);
  }

  private static boolean probe(Subject who, RequestInfo what) {
    return !what.resourceRequest() && what.verb().equals("get") && PROBES.contains(what.path());
  }

  private static boolean controlPlane(Subject who) {
    return who.name().equals("system:kube-controller-manager")
        || who.name().equals("system:kube-scheduler")
        || who.name().startsWith(KUBE_SYSTEM);
  }

  private static boolean leases(RequestInfo what) {
    return what.group().equals("coordination.k8s.io")
        && what.resource().equals("leases")
        && ELECTION_VERBS.contains(what.verb());
  }

  private static boolean endpointController(Subject who) {
    return who.name().equals("system:kube-controller-manager")
        || who.name().equals(KUBE_SYSTEM + "endpoint-controller")
        || who.name().equals(KUBE_SYSTEM + "endpointslicemirroring-controller");
  }

  private static boolean endpoints(RequestInfo what) {
    return what.group().isEmpty()
        && what.resource().equals("endpoints")
        && ELECTION_VERBS.contains(what.verb());
  }

  private static boolean nodeHealth(RequestInfo what) {
    boolean node =
        what.group().isEmpty()
            && what.resource().equals("nodes")
            && (what.subresource().isEmpty() || what.subresource().equals("status"));
    return node || (what.group().equals("coordination.k8s.io") && what.resource().equals("leases"));
  }
}
