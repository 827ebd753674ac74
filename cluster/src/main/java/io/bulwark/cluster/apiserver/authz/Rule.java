package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One rule of a role: any of the verbs on any of the resources, or on any of the URL paths.
 *
 * @param resources plural names, {@code pods/log} for a subresource, {@code *} for all, {@code
 *     &#42;/scale} for one subresource of all
 * @param names of objects; empty for all
 * @param paths URL paths, where a last {@code *} stands for any rest
 */
public record Rule(
    List<String> verbs,
    List<String> groups,
    List<String> resources,
    List<String> names,
    List<String> paths) {
  private static final String ALL = "*";

  public Rule {
    verbs = List.copyOf(verbs);
    groups = List.copyOf(groups);
    resources = List.copyOf(resources);
    names = List.copyOf(names);
    paths = List.copyOf(paths);
  }

  /** The rules of a Role or ClusterRole. */
  public static List<Rule> of(Tree role) {
    return role.trees("rules").stream()
        .map(
            rule ->
                new Rule(
                    rule.texts("verbs"),
                    rule.texts("apiGroups"),
                    rule.texts("resources"),
                    rule.texts("resourceNames"),
                    rule.texts("nonResourceURLs")))
        .toList();
  }

  /** As an element of {@code rules}. */
  public Tree tree() {
    Tree tree = new Tree();
    put(tree, "apiGroups", groups);
    put(tree, "nonResourceURLs", paths);
    put(tree, "resourceNames", names);
    put(tree, "resources", resources);
    tree.put("verbs", new TreeList(verbs));
    return tree;
  }

  boolean allows(Attributes wanted) {
    return wanted.resourceRequest()
        ? has(verbs, wanted.verb())
            && has(groups, wanted.group())
            && hasResource(wanted.resource(), wanted.subresource())
            && (names.isEmpty() || names.contains(wanted.name()))
        : has(verbs, wanted.verb()) && hasPath(wanted.path());
  }

  /**
   * Whether whoever holds this rule may do all that another rule, split by {@link #atoms}, says.
   */
  boolean covers(Rule atom) {
    boolean verb = has(verbs, atom.verbs.getFirst());
    if (!atom.paths.isEmpty()) {
      return verb && hasPath(atom.paths.getFirst());
    }
    String resource = atom.resources.getFirst();
    int slash = resource.indexOf('/');
    boolean covered =
        resources.contains(resource)
            || (slash < 0
                ? resources.contains(ALL)
                : hasResource(resource.substring(0, slash), resource.substring(slash + 1)));
    return verb
        && covered
        && has(groups, atom.groups.getFirst())
        && (names.isEmpty() || (!atom.names.isEmpty() && names.contains(atom.names.getFirst())));
  }

  /** The same permission as rules of one verb, one group, one resource and at most one name. */
  List<Rule> atoms() {
    List<Rule> atoms = new ArrayList<>();
    for (String verb : verbs) {
      for (String path : paths) {
        atoms.add(new Rule(List.of(verb), List.of(), List.of(), List.of(), List.of(path)));
      }
      for (String group : groups) {
        for (String resource : resources) {
          if (names.isEmpty()) {
            atoms.add(atom(verb, group, resource, List.of()));
          }
          for (String name : names) {
            atoms.add(atom(verb, group, resource, List.of(name)));
          }
        }
      }
    }
    return atoms;
  }

  private static Rule atom(String verb, String group, String resource, List<String> names) {
    return new Rule(List.of(verb), List.of(group), List.of(resource), names, List.of());
  }

  /** As upstream prints a rule in the refusal of an escalation. */
  String words() {
    List<String> parts = new ArrayList<>();
    word(parts, "APIGroups", groups);
    word(parts, "Resources", resources);
    word(parts, "NonResourceURLs", paths);
    word(parts, "ResourceNames", names);
    word(parts, "Verbs", verbs);
    return parts.stream().collect(Collectors.joining(", ", "{", "}"));
  }

  /** A list of strings as Go's {@code %q} prints it. */
  static String quoted(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private static void word(List<String> parts, String label, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(label + ":" + quoted(values));
    }
  }

  private static void put(Tree tree, String key, List<String> values) {
    if (!values.isEmpty()) {
      tree.put(key, new TreeList(values));
    }
  }

  private static boolean has(List<String> allowed, String wanted) {
    return allowed.contains(ALL) || allowed.contains(wanted);
  }

  private boolean hasResource(String resource, String subresource) {
    if (resources.contains(ALL)) {
      return true;
    }
    return subresource.isEmpty()
        ? resources.contains(resource)
        : resources.contains(resource + "/" + subresource)
            || resources.contains("*/" + subresource);
  }

  private boolean hasPath(String path) {
    for (String allowed : paths) {
      if (allowed.equals(path)
          || (allowed.endsWith(ALL)
              && path.startsWith(allowed.substring(0, allowed.length() - 1)))) {
        return true;
      }
    }
    return false;
  }
}
