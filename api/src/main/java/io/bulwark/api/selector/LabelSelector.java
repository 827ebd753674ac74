package io.bulwark.api.selector;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks objects by their labels; all requirements must hold. Immutable and thread-safe.
 *
 * <p>Source: k8s.io/apimachinery pkg/labels and the LabelSelector of meta/v1.
 */
public final class LabelSelector {
  private static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);
  private static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

  private final List<LabelRequirement> requirements;
  private final boolean nothing;

  private LabelSelector(List<LabelRequirement> requirements, boolean nothing) {
    this.requirements = requirements;
    this.nothing = nothing;
  }

  /** Matches every object. */
  public static LabelSelector everything() {
    return EVERYTHING;
  }

  /** Matches no object. */
  public static LabelSelector nothing() {
    return NOTHING;
  }

  /**
   * Parses the textual form, such as {@code a=b,c!=d,e in (x,y),!f,g notin (z),h,i>3}.
   *
   * @param selector empty or null for everything
   * @throws MalformedSelector with upstream's message
   */
  public static LabelSelector parse(@Nullable String selector) {
    if (selector == null || selector.isEmpty()) {
      return EVERYTHING;
    }
    return of(new LabelSelectorParser(selector).parse());
  }

  /**
   * The selector of a {@code matchLabels}/{@code matchExpressions} object.
   *
   * @param selector null selects nothing, an empty object everything, as upstream has it
   * @throws MalformedSelector where an operator, key or value is wrong
   */
  public static LabelSelector of(@Nullable Tree selector) {
    if (selector == null) {
      return NOTHING;
    }
    List<LabelRequirement> found = new ArrayList<>();
    Tree labels = selector.treeOrEmpty("matchLabels");
    for (int i = 0; i < labels.size(); i++) {
      found.add(equal(labels.keyAt(i), labels.valueAt(i) instanceof String text ? text : ""));
    }
    for (Tree expression : selector.trees("matchExpressions")) {
      found.add(expression(expression));
    }
    return of(found);
  }

  /** The selector of a plain map of labels, such as a Service has; empty selects everything. */
  public static LabelSelector ofLabels(Map<String, ?> labels) {
    List<LabelRequirement> found = new ArrayList<>();
    labels.forEach((key, value) -> found.add(equal(key, value instanceof String t ? t : "")));
    return of(found);
  }

  private static LabelSelector of(List<LabelRequirement> requirements) {
    if (requirements.isEmpty()) {
      return EVERYTHING;
    }
    List<LabelRequirement> sorted = new ArrayList<>(requirements);
    sorted.sort(Comparator.comparing(LabelRequirement::key));
    return new LabelSelector(List.copyOf(sorted), false);
  }

  private static LabelRequirement equal(String key, String value) {
    return LabelRequirement.checked(
        key, LabelRequirement.Operator.EQUALS, new TreeSet<>(List.of(value)));
  }

  private static LabelRequirement expression(Tree expression) {
    String operator = expression.textOrEmpty("operator");
    LabelRequirement.Operator known =
        switch (operator) {
          case "In" -> LabelRequirement.Operator.IN;
          case "NotIn" -> LabelRequirement.Operator.NOT_IN;
          case "Exists" -> LabelRequirement.Operator.EXISTS;
          case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
          default ->
              throw new MalformedSelector(
                  "\"" + operator + "\" is not a valid label selector operator");
        };
    return LabelRequirement.checked(
        expression.textOrEmpty("key"), known, new TreeSet<>(expression.texts("values")));
  }

  /** The requirements in order of their keys; empty for everything and for nothing. */
  public List<LabelRequirement> requirements() {
    return requirements;
  }

  public boolean matchesEverything() {
    return !nothing && requirements.isEmpty();
  }

  public boolean matchesNothing() {
    return nothing;
  }

  public boolean matches(Map<String, String> labels) {
    for (LabelRequirement requirement : requirements) {
      if (!requirement.matches(labels.get(requirement.key()))) {
        return false;
      }
    }
    return !nothing;
  }

  /** Whether the labels of an object match; reads {@code metadata.labels} where they stand. */
  public boolean matchesObject(Tree object) {
    return matchesLabels(object.tree("metadata", "labels"));
  }

  /** Whether a tree of labels matches; null is no labels. */
  public boolean matchesLabels(@Nullable Tree labels) {
    for (LabelRequirement requirement : requirements) {
      Object value = labels == null ? null : labels.get(requirement.key());
      if (!requirement.matches(value instanceof String text ? text : null)) {
        return false;
      }
    }
    return !nothing;
  }

  /** The object form: {@code matchLabels} and {@code matchExpressions}. */
  public Tree toTree() {
    Tree tree = new Tree();
    for (LabelRequirement requirement : requirements) {
      switch (requirement.operator()) {
        case EQUALS, DOUBLE_EQUALS ->
            tree.child("matchLabels").put(requirement.key(), requirement.values().getFirst());
        case IN -> expression(tree, requirement, "In");
        case NOT_IN, NOT_EQUALS -> expression(tree, requirement, "NotIn");
        case EXISTS -> expression(tree, requirement, "Exists");
        case DOES_NOT_EXIST -> expression(tree, requirement, "DoesNotExist");
        case GREATER, LESS ->
            throw new MalformedSelector(
                "\""
                    + (requirement.operator() == LabelRequirement.Operator.GREATER ? "gt" : "lt")
                    + "\" isn't supported in label selectors");
      }
    }
    return tree;
  }

  private static void expression(Tree tree, LabelRequirement requirement, String operator) {
    Tree expression = Tree.of("key", requirement.key(), "operator", operator);
    if (!requirement.values().isEmpty()) {
      expression.put("values", new TreeList(requirement.values()));
    }
    tree.childList("matchExpressions").add(expression);
  }

  /** The textual form, which {@link #parse} understands. */
  @Override
  public String toString() {
    return requirements.stream().map(LabelRequirement::toString).collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LabelSelector selector
        && nothing == selector.nothing
        && requirements.equals(selector.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode() * 2 + (nothing ? 1 : 0);
  }
}
