package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which container of a pod a request means. */
final class Containers {
  private Containers() {}

  /**
   * The container asked for, or the only one of the pod.
   *
   * <p>Source: the words of k8s.io/kubernetes/pkg/registry/core/pod.
   */
  static String choose(Tree pod, @Nullable String asked) {
    String name = pod.textOrEmpty("metadata", "name");
    List<String> all = new ArrayList<>();
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (Tree container : pod.trees("spec", list)) {
        all.add(container.textOrEmpty("name"));
      }
    }
    if (asked != null && !asked.isEmpty()) {
      if (!all.contains(asked)) {
        throw new Failure.BadRequest("container " + asked + " is not valid for pod " + name)
            .rejected();
      }
      return asked;
    }
    List<Tree> main = pod.trees("spec", "containers");
    if (main.size() == 1) {
      return main.getFirst().textOrEmpty("name");
    }
    String choice = main.isEmpty() ? "" : ", choose one of: [" + String.join(" ", all) + "]";
    throw new Failure.BadRequest("a container name must be specified for pod " + name + choice)
        .rejected();
  }
}
