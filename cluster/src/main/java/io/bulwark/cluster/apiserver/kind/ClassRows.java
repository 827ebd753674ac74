package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** Classes that pods name: of scheduling.k8s.io/v1 and node.k8s.io/v1. */
final class ClassRows {
  private final Ages ages;

  ClassRows(Ages ages) {
    this.ages = ages;
  }

  Kind runtime() {
    return Row.of(Resources.RUNTIME_CLASSES)
        .columns(
            Columns.name(),
            Columns.text("Handler", "What runs the pods.", type -> type.textOrEmpty("handler")),
            ages.column())
        .strategy(new SpeclessStrategy(false, true, false))
        .kind();
  }

  List<Kind> rows() {
    return List.of(runtime(), priority());
  }

  private Kind priority() {
    return Row.of(Resources.PRIORITY_CLASSES)
        .shortNames("pc")
        .columns(
            Columns.name(),
            Columns.integer("Value", "The priority.", type -> type.number(0, "value")),
            Columns.bool(
                "Global-Default",
                "Whether pods without a class get it.",
                type -> type.flag("globalDefault")),
            ages.column(),
            Columns.text(
                "PreemptionPolicy",
                "Whether such pods drive out others.",
                type -> type.textOrEmpty("preemptionPolicy")))
        .strategy(
            new Strategy() {
              @Override
              public boolean changesGeneration(Tree object, Tree live) {
                return false;
              }
            })
        .kind();
  }
}
