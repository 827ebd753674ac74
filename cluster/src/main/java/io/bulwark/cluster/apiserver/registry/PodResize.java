package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Changes of a running pod's resources: those of its containers, and nothing else. */
final class PodResize {
  private static final List<String> LISTS = List.of("containers", "initContainers");

  private PodResize() {}

  static Tree applied(Tree wanted, Tree live) {
    Tree next = live.copy();
    for (String list : LISTS) {
      for (Tree container : next.trees("spec", list)) {
        for (Tree asked : wanted.trees("spec", list)) {
          if (asked.textOrEmpty("name").equals(container.textOrEmpty("name"))) {
            take(container, asked, "resources");
            take(container, asked, "resizePolicy");
          }
        }
      }
    }
    return next;
  }

  private static void take(Tree container, Tree asked, String field) {
    switch (asked.get(field)) {
      case null -> container.remove(field);
      case Tree tree -> container.put(field, tree.copy());
      case io.bulwark.api.tree.TreeList list -> container.put(field, list.copy());
      case Object value -> container.put(field, value);
    }
  }
}
