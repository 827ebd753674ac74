package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.apiserver.authn.Subject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node may do: what its pods need, its own Node and Lease, and the rules of the role {@code
 * system:node}.
 *
 * <p>Source: the Node authorizer, kubernetes.io/docs/reference/access-authn-authz/node.
 */
public final class NodeRules {
  private static final String PREFIX = "system:node:";
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> LEASE = Set.of("get", "create", "update", "patch", "delete");

  private final NodeReferences references;
  private final List<Rule> rules;

  NodeRules(NodeReferences references, List<Rule> rules) {
    this.references = references;
    this.rules = rules;
  }

  /** The name of the node that a subject is, or null. */
  public static @Nullable String nodeOf(Subject subject) {
    return subject.name().startsWith(PREFIX) && subject.groups().contains("system:nodes")
        ? subject.name().substring(PREFIX.length())
        : null;
  }

  Decision decide(String node, Attributes wanted, FieldSelector fields) {
    if (!wanted.resourceRequest()) {
      return ruled(wanted);
    }
    String name = wanted.name().isEmpty() ? fields.value("metadata.name") : wanted.name();
    return switch (wanted.group() + "/" + wanted.resource()) {
      case "/secrets", "/configmaps" -> related(node, wanted, name, READ);
      case "/persistentvolumeclaims" ->
          wanted.subresource().equals("status")
              ? related(node, wanted, name, Set.of("get", "update", "patch"))
              : related(node, wanted, name, Set.of("get"));
      case "/serviceaccounts" -> serviceAccount(node, wanted);
      case "/nodes" -> node(node, wanted, name);
      case "/pods" -> pod(node, wanted, name, fields);
      case "coordination.k8s.io/leases" -> lease(node, wanted);
      case "image.bulwark.io/nodeinventories" ->
          name.isEmpty() || name.equals(node)
              ? ruled(wanted)
              : Decision.no("can only access the node inventory of the same name as the node");
      default -> ruled(wanted);
    };
  }

  private Decision ruled(Attributes wanted) {
    return rules.stream().anyMatch(rule -> rule.allows(wanted)) ? Decision.YES : Decision.NO;
  }

  private Decision related(String node, Attributes wanted, String name, Set<String> verbs) {
    boolean status = wanted.subresource().equals("status");
    if (!verbs.contains(wanted.verb()) || !(wanted.subresource().isEmpty() || status)) {
      return Decision.no("can only " + (status ? "update" : "read") + " resources of this type");
    }
    if (name.isEmpty()) {
      return Decision.no("No Object name found");
    }
    return references.needs(node, wanted.resource(), wanted.namespace(), name)
        ? Decision.YES
        : unrelated(node);
  }

  private Decision serviceAccount(String node, Attributes wanted) {
    boolean token = wanted.verb().equals("create") && wanted.subresource().equals("token");
    boolean read = wanted.verb().equals("get") && wanted.subresource().isEmpty();
    if ((!token && !read) || wanted.name().isEmpty()) {
      return Decision.no("can only create tokens for individual service accounts");
    }
    return references.needs(node, "serviceaccounts", wanted.namespace(), wanted.name())
        ? Decision.YES
        : unrelated(node);
  }

  private Decision node(String node, Attributes wanted, String name) {
    if (wanted.subresource().isEmpty() && READ.contains(wanted.verb()) && !name.equals(node)) {
      return Decision.no(
          "node '" + node + "' cannot read " + quoted(name) + ", only its own Node object");
    }
    boolean own = name.isEmpty() || name.equals(node);
    return own || !wanted.subresource().isEmpty()
        ? ruled(wanted)
        : Decision.no(
            "node '"
                + node
                + "' cannot "
                + wanted.verb()
                + " "
                + quoted(name)
                + ", only its own Node object");
  }

  private static String quoted(String name) {
    return name.isEmpty() ? "all nodes" : "'" + name + "'";
  }

  private Decision pod(String node, Attributes wanted, String name, FieldSelector fields) {
    if (!wanted.subresource().isEmpty() || !READ.contains(wanted.verb())) {
      return ruled(wanted);
    }
    if (wanted.verb().equals("get")) {
      return references.needs(node, "pods", wanted.namespace(), name)
          ? Decision.YES
          : unrelated(node);
    }
    boolean own = fields.value("spec.nodeName").equals(node);
    boolean one = !name.isEmpty() && references.needs(node, "pods", wanted.namespace(), name);
    return own || one
        ? Decision.YES
        : Decision.no("can only list/watch pods with spec.nodeName field selector");
  }

  private Decision lease(String node, Attributes wanted) {
    if (!LEASE.contains(wanted.verb())) {
      return Decision.no("can only get, create, update, patch, or delete a node lease");
    }
    if (!wanted.namespace().equals("kube-node-lease")) {
      return Decision.no("can only access leases in the \"kube-node-lease\" system namespace");
    }
    return wanted.verb().equals("create") || wanted.name().equals(node)
        ? Decision.YES
        : Decision.no("can only access node lease with the same name as the requesting node");
  }

  private static Decision unrelated(String node) {
    return Decision.no("no relationship found between node '" + node + "' and this object");
  }
}
