package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.selector.LabelRequirement;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** One term of a node affinity: all its requirements must hold. An empty term matches no node. */
public record NodeTerm(List<LabelRequirement> labels, List<LabelRequirement> names) {
  public boolean matches(NodeInfo node) {
    if (labels.isEmpty() && names.isEmpty()) {
      return false;
    }
    for (LabelRequirement requirement : labels) {
      if (!requirement.matches(node.label(requirement.key()))) {
        return false;
      }
    }
    for (LabelRequirement requirement : names) {
      if (!requirement.matches(node.name())) {
        return false;
      }
    }
    return true;
  }

  static NodeTerm of(Tree term) {
    return new NodeTerm(
        requirements(term.trees("matchExpressions")), requirements(term.trees("matchFields")));
  }

  static List<NodeTerm> all(List<Tree> terms) {
    return terms.stream().map(NodeTerm::of).toList();
  }

  private static List<LabelRequirement> requirements(List<Tree> expressions) {
    List<LabelRequirement> found = new ArrayList<>(expressions.size());
    for (Tree expression : expressions) {
      LabelRequirement.Operator operator =
          switch (expression.textOrEmpty("operator")) {
            case "NotIn" -> LabelRequirement.Operator.NOT_IN;
            case "Exists" -> LabelRequirement.Operator.EXISTS;
            case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
            case "Gt" -> LabelRequirement.Operator.GREATER;
            case "Lt" -> LabelRequirement.Operator.LESS;
            default -> LabelRequirement.Operator.IN;
          };
      found.add(
          new LabelRequirement(
              expression.textOrEmpty("key"), operator, expression.texts("values")));
    }
    return List.copyOf(found);
  }
}
