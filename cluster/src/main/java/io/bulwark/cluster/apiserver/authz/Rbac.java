package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authn.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Roles and bindings at one moment, indexed by who is bound: a decision looks only at bindings of
 * the sender's name and groups. Immutable.
 */
public final class Rbac {
  private static final String CLUSTER = "";

  private final Map<String, List<Rule>> roles = new HashMap<>();
  private final Map<String, Map<String, List<Binding>>> bound = new HashMap<>();

  /** A role as a binding names it; the namespace is empty for a ClusterRole. */
  private record Binding(String roleNamespace, String roleName) {}

  /**
   * @param roles of both kinds; a ClusterRole has no namespace
   * @param bindings of both kinds
   */
  public Rbac(Collection<Tree> roles, Collection<Tree> bindings) {
    for (Tree role : roles) {
      this.roles.put(Meta.namespace(role) + "/" + Meta.name(role), Rule.of(role));
    }
    for (Tree binding : bindings) {
      String namespace = Meta.namespace(binding);
      boolean clusterRole = "ClusterRole".equals(binding.text("roleRef", "kind"));
      Binding made =
          new Binding(clusterRole ? CLUSTER : namespace, binding.textOrEmpty("roleRef", "name"));
      for (Tree subject : binding.trees("subjects")) {
        String key = key(subject, namespace);
        if (key != null) {
          bound
              .computeIfAbsent(namespace, n -> new HashMap<>())
              .computeIfAbsent(key, k -> new ArrayList<>())
              .add(made);
        }
      }
    }
  }

  /** Whether some binding allows it. */
  boolean allows(Attributes wanted) {
    return any(
        wanted.subject(),
        wanted.resourceRequest() ? wanted.namespace() : CLUSTER,
        rules -> {
          for (Rule rule : rules) {
            if (rule.allows(wanted)) {
              return true;
            }
          }
          return false;
        });
  }

  /** All rules that a subject has in a namespace, cluster-wide ones included. */
  public List<Rule> rules(Subject subject, String namespace) {
    List<Rule> found = new ArrayList<>();
    Consumer<List<Rule>> collect = found::addAll;
    any(
        subject,
        namespace,
        rules -> {
          collect.accept(rules);
          return false;
        });
    return found;
  }

  /** The rules of a role, or null where there is none; the namespace is empty for a ClusterRole. */
  @Nullable List<Rule> role(String namespace, String name) {
    return roles.get(namespace + "/" + name);
  }

  private boolean any(Subject subject, String namespace, Predicate<List<Rule>> visit) {
    return visit(CLUSTER, subject, visit)
        || (!namespace.isEmpty() && visit(namespace, subject, visit));
  }

  private boolean visit(String namespace, Subject subject, Predicate<List<Rule>> visit) {
    Map<String, List<Binding>> here = bound.get(namespace);
    if (here == null) {
      return false;
    }
    if (visit(here.get("User " + subject.name()), visit)) {
      return true;
    }
    for (String group : subject.groups()) {
      if (visit(here.get("Group " + group), visit)) {
        return true;
      }
    }
    return false;
  }

  private boolean visit(@Nullable List<Binding> bindings, Predicate<List<Rule>> visit) {
    if (bindings == null) {
      return false;
    }
    for (Binding binding : bindings) {
      List<Rule> rules = role(binding.roleNamespace(), binding.roleName());
      if (rules != null && visit.test(rules)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String key(Tree subject, String bindingNamespace) {
    String name = subject.textOrEmpty("name");
    return switch (subject.textOrEmpty("kind")) {
      case "User" -> "User " + name;
      case "Group" -> "Group " + name;
      case "ServiceAccount" -> {
        String namespace = subject.textOrEmpty("namespace");
        String home = namespace.isEmpty() ? bindingNamespace : namespace;
        yield home.isEmpty() ? null : "User system:serviceaccount:" + home + ":" + name;
      }
      default -> null;
    };
  }
}
