package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One control of the Pod Security Standards.
 *
 * @param id orders the violations of a level
 * @param level from which on the control holds
 * @param replaces the id of a looser control of the level below, or empty
 * @param rule what is wrong with a pod template (metadata and spec), or null
 */
record PodSecurityCheck(
    String id, PodSecurityLevel level, String replaces, Function<Pod, @Nullable Violation> rule) {
  /** What is wrong, and where. */
  record Violation(String reason, String detail) {
    @Override
    public String toString() {
      return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }
  }

  /** A pod or a pod template under a policy version. */
  record Pod(Tree metadata, Tree spec, int minor) {
    List<Tree> containers() {
      List<Tree> all = new ArrayList<>(spec.trees("initContainers"));
      all.addAll(spec.trees("containers"));
      all.addAll(spec.trees("ephemeralContainers"));
      return all;
    }

    Tree context() {
      return spec.treeOrEmpty("securityContext");
    }

    boolean windows() {
      return minor >= 25 && spec.textOrEmpty("os", "name").equals("windows");
    }

    /** Root in a user namespace is nobody outside of it. */
    boolean ownUsers() {
      return minor >= 35 && Boolean.FALSE.equals(spec.get("hostUsers"));
    }

    List<String> containersWhere(Predicate<Tree> test) {
      return containers().stream()
          .filter(test)
          .map(container -> container.textOrEmpty("name"))
          .toList();
    }
  }

  /** {@code container "a"} or {@code containers "a", "b"}. */
  static String containers(Collection<String> names) {
    return counted(names, "container", "containers") + " " + quoted(names);
  }

  static String counted(Collection<?> things, String one, String many) {
    return things.size() == 1 ? one : many;
  }

  static String quoted(Collection<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }

  /** {@code pod and container "a"}, as far as they are to blame. */
  static String setters(boolean pod, Collection<String> containers) {
    if (containers.isEmpty()) {
      return "pod";
    }
    return (pod ? "pod and " : "") + containers(containers);
  }

  static TreeSet<String> sorted() {
    return new TreeSet<>();
  }
}
