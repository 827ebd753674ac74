package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.apiserver.authn.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Nobody may hand out a permission that he lacks.
 *
 * <p>Source: kubernetes.io/docs/reference/access-authn-authz/rbac, "Privilege escalation
 * prevention".
 */
public final class Escalation {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final Authorization authorization;

  public Escalation(Authorization authorization) {
    this.authorization = authorization;
  }

  /**
   * Whether a subject may write a role with these rules.
   *
   * @param namespace empty for a ClusterRole
   * @param resource {@code roles} or {@code clusterroles}
   * @return upstream's words for a refusal, or null if he may
   */
  public @Nullable String refuseRules(
      Subject subject, String resource, String namespace, String name, List<Rule> rules) {
    return may(subject, "escalate", resource, namespace, name)
        ? null
        : missing(subject, namespace, rules);
  }

  /**
   * Whether a subject may bind a role.
   *
   * @param namespace of the binding; empty for a ClusterRoleBinding
   * @param clusterRole whether the role is a ClusterRole
   * @return upstream's words for a refusal, or null if he may
   */
  public @Nullable String refuseBinding(
      Subject subject, String namespace, boolean clusterRole, String role) {
    if (may(subject, "bind", clusterRole ? "clusterroles" : "roles", namespace, role)) {
      return null;
    }
    List<Rule> rules = authorization.rbac().current().role(clusterRole ? "" : namespace, role);
    if (rules == null) {
      return (clusterRole ? "clusterroles." : "roles.") + GROUP + " \"" + role + "\" not found";
    }
    return missing(subject, namespace, rules);
  }

  /** Whether a subject may do everything; asked of those who set an aggregation rule. */
  public boolean holdsEverything(Subject subject) {
    Rule resources = new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());
    Rule paths = new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*"));
    return privileged(subject) || missing(subject, "", List.of(resources, paths)) == null;
  }

  private boolean may(
      Subject subject, String verb, String resource, String namespace, String name) {
    return privileged(subject)
        || authorization
            .decide(
                new Attributes(subject, verb, GROUP, "v1", resource, "", namespace, name, "", true))
            .allowed();
  }

  private static boolean privileged(Subject subject) {
    return subject.groups().contains("system:masters");
  }

  private @Nullable String missing(Subject subject, String namespace, List<Rule> rules) {
    List<Rule> held = authorization.rules(subject, namespace);
    List<Rule> lacking =
        rules.stream()
            .flatMap(rule -> rule.atoms().stream())
            .filter(atom -> held.stream().noneMatch(rule -> rule.covers(atom)))
            .toList();
    return lacking.isEmpty()
        ? null
        : "user \""
            + subject.name()
            + "\" (groups="
            + Rule.quoted(subject.groups())
            + ") is attempting to grant RBAC permissions not currently held:\n"
            + String.join("\n", words(lacking));
  }

  /** Atoms of the same resource are joined by their verbs, as upstream prints them. */
  private static TreeSet<String> words(List<Rule> atoms) {
    Map<List<List<String>>, Rule> joined = new LinkedHashMap<>();
    for (Rule atom : atoms) {
      joined.merge(
          atom.names().isEmpty() && atom.paths().isEmpty()
              ? List.of(atom.groups(), atom.resources())
              : List.of(atom.groups(), atom.resources(), atom.names(), atom.paths(), atom.verbs()),
          atom,
          (a, b) ->
              new Rule(
                  Stream.concat(a.verbs().stream(), b.verbs().stream()).distinct().toList(),
                  a.groups(),
                  a.resources(),
                  a.names(),
                  a.paths()));
    }
    TreeSet<String> words = new TreeSet<>();
    joined.values().forEach(rule -> words.add(rule.words()));
    return words;
  }
}
