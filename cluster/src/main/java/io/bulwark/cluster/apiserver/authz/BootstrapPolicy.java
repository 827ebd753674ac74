package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The roles and bindings that every cluster has. Immutable; the trees are frozen.
 *
 * @param clusterRoles aggregated ones already carry the rules that they aggregate
 */
public record BootstrapPolicy(
    List<Tree> clusterRoles,
    List<Tree> clusterRoleBindings,
    List<Tree> roles,
    List<Tree> roleBindings) {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final BootstrapPolicy STANDARD = load();

  /** Upstream's defaults and those of this project. */
  public static BootstrapPolicy standard() {
    return STANDARD;
  }

  /** The rules of one of the cluster roles. */
  List<Rule> rules(String clusterRole) {
    return clusterRoles.stream()
        .filter(role -> Meta.name(role).equals(clusterRole))
        .findFirst()
        .map(Rule::of)
        .orElseThrow();
  }

  private static BootstrapPolicy load() {
    try (InputStream text = BootstrapPolicy.class.getResourceAsStream("bootstrap-policy.txt")) {
      if (text == null) {
        throw new IllegalStateException("bootstrap-policy.txt is not on the class path");
      }
      return new Parsing().policy(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static final class Parsing {
    private final List<Tree> clusterRoles = new ArrayList<>();
    private final List<Tree> clusterRoleBindings = new ArrayList<>();
    private final List<Tree> roles = new ArrayList<>();
    private final List<Tree> roleBindings = new ArrayList<>();
    private Tree role = new Tree();

    BootstrapPolicy policy(String text) {
      text.lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(line -> read(line.split(" ")));
      aggregate();
      Stream.of(clusterRoles, clusterRoleBindings, roles, roleBindings)
          .forEach(trees -> trees.forEach(Tree::freeze));
      return new BootstrapPolicy(clusterRoles, clusterRoleBindings, roles, roleBindings);
    }

    private void read(String[] words) {
      switch (words[0]) {
        case "clusterrole" -> {
          role = object("ClusterRole", "", words[1]);
          role.put("rules", new TreeList());
          for (int i = 2; i < words.length; i++) {
            String[] label = words[i].split("=", 2);
            role.set(label[1], "metadata", "labels", label[0]);
          }
          clusterRoles.add(role);
        }
        case "controller" -> {
          String name = "system:controller:" + words[1];
          role = object("ClusterRole", "", name);
          role.put("rules", new TreeList());
          clusterRoles.add(role);
          bind(name, name, "sa:kube-system/" + words[1]);
        }
        case "role" -> {
          role = object("Role", words[1], words[2]);
          role.put("rules", new TreeList());
          roles.add(role);
        }
        case "bind" -> bind(words[1], words[2], Arrays.copyOfRange(words, 3, words.length));
        case "bindrole" -> {
          Tree binding = object("RoleBinding", words[1], words[2]);
          reference(binding, "Role", words[3], Arrays.copyOfRange(words, 4, words.length));
          roleBindings.add(binding);
        }
        case "aggregate" ->
            role.childList("aggregationRule", "clusterRoleSelectors")
                .add(Tree.of("matchLabels", Tree.of(words[1], "true")));
        default -> role.childList("rules").add(rule(words).tree());
      }
    }

    private static Rule rule(String[] words) {
      if (words[0].equals("events")) {
        return new Rule(
            List.of("create", "patch", "update"),
            List.of("", "events.k8s.io"),
            List.of("events"),
            List.of(),
            List.of());
      }
      List<String> verbs =
          list(words[0]).stream()
              .flatMap(
                  verb ->
                      switch (verb) {
                        case "read" -> Stream.of("get", "list", "watch");
                        case "write" ->
                            Stream.of("create", "delete", "deletecollection", "patch", "update");
                        default -> Stream.of(verb);
                      })
              .sorted()
              .toList();
      if (words[1].equals("path")) {
        return new Rule(verbs, List.of(), List.of(), List.of(), list(words[2]));
      }
      List<String> groups =
          list(words[1]).stream().map(group -> group.equals("core") ? "" : group).toList();
      List<String> names = words.length > 3 ? list(words[3]) : List.of();
      return new Rule(verbs, groups, list(words[2]), names, List.of());
    }

    private static List<String> list(String words) {
      return List.of(words.split(","));
    }

    private void bind(String name, String clusterRole, String... subjects) {
      Tree binding = object("ClusterRoleBinding", "", name);
      reference(binding, "ClusterRole", clusterRole, subjects);
      clusterRoleBindings.add(binding);
    }

    private static void reference(Tree binding, String kind, String name, String... subjects) {
      binding.put("roleRef", Tree.of("apiGroup", GROUP, "kind", kind, "name", name));
      for (String subject : subjects) {
        String[] parts = subject.split(":", 2);
        binding
            .childList("subjects")
            .add(
                switch (parts[0]) {
                  case "user" -> Tree.of("apiGroup", GROUP, "kind", "User", "name", parts[1]);
                  case "group" -> Tree.of("apiGroup", GROUP, "kind", "Group", "name", parts[1]);
                  case "sa" -> {
                    String[] account = parts[1].split("/", 2);
                    yield Tree.of(
                        "kind", "ServiceAccount", "namespace", account[0], "name", account[1]);
                  }
                  default -> throw new IllegalArgumentException(subject);
                });
      }
    }

    private void aggregate() {
      // Aggregates may feed aggregates: view feeds edit, which feeds admin.
      for (int depth = 0; depth < 3; depth++) {
        for (Tree aggregate : clusterRoles) {
          List<Tree> selectors = aggregate.trees("aggregationRule", "clusterRoleSelectors");
          if (!selectors.isEmpty()) {
            aggregate.put("rules", gathered(aggregate, selectors));
          }
        }
      }
    }

    private TreeList gathered(Tree aggregate, List<Tree> selectors) {
      Set<Tree> rules = new LinkedHashSet<>();
      for (Tree source : byName()) {
        boolean selected =
            selectors.stream()
                .anyMatch(
                    selector ->
                        Meta.labels(source)
                            .entrySet()
                            .containsAll(selector.treeOrEmpty("matchLabels").entrySet()));
        if (selected && source != aggregate) {
          source.trees("rules").forEach(rule -> rules.add(rule.copy()));
        }
      }
      return new TreeList(rules);
    }

    private List<Tree> byName() {
      return clusterRoles.stream().sorted(Comparator.comparing(Meta::name)).toList();
    }

    private static Tree object(String kind, String namespace, String name) {
      Tree metadata =
          Tree.of(
              "annotations", Tree.of("rbac.authorization.kubernetes.io/autoupdate", "true"),
              "labels", Tree.of("kubernetes.io/bootstrapping", "rbac-defaults"),
              "name", name);
      if (!namespace.isEmpty()) {
        metadata.put("namespace", namespace);
      }
      return Tree.of("apiVersion", GROUP + "/v1", "kind", kind, "metadata", metadata);
    }
  }
}
