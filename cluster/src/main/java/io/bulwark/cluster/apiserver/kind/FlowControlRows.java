package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** The kinds of flowcontrol.apiserver.k8s.io/v1. */
final class FlowControlRows {
  private static final String GROUP = "flowcontrol.apiserver.k8s.io";

  private final Ages ages;

  FlowControlRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(schemas(), levels());
  }

  private Kind schemas() {
    return Row.of(new Resource(GROUP, "v1", "flowschemas", "FlowSchema", false))
        .status()
        .columns(
            Columns.name(),
            Columns.text(
                "PriorityLevel",
                "The level of the requests that match.",
                schema -> schema.textOrEmpty("spec", "priorityLevelConfiguration", "name")),
            Columns.text(
                "MatchingPrecedence",
                "The lowest that matches counts.",
                schema -> schema.number(0, "spec", "matchingPrecedence")),
            Columns.text(
                "DistinguisherMethod",
                "What makes a flow.",
                schema -> Columns.orNone(schema.text("spec", "distinguisherMethod", "type"))),
            ages.column(),
            Columns.text(
                "MissingPL",
                "references a broken or non-existent PriorityLevelConfiguration",
                FlowControlRows::dangling))
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private Kind levels() {
    return Row.of(
            new Resource(
                GROUP, "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration", false))
        .status()
        .columns(
            Columns.name(),
            Columns.text("Type", "Exempt or limited.", level -> level.textOrEmpty("spec", "type")),
            limited("NominalConcurrencyShares", "nominalConcurrencyShares"),
            limited("Queues", "limitResponse", "queuing", "queues"),
            limited("HandSize", "limitResponse", "queuing", "handSize"),
            limited("QueueLengthLimit", "limitResponse", "queuing", "queueLengthLimit"),
            ages.column())
        .strategy(new SpecStrategy(true, false))
        .kind();
  }

  private static Column limited(String name, String... path) {
    return Columns.text(
        name,
        "Of a limited level: " + path[path.length - 1] + ".",
        level -> {
          Object value = level.treeOrEmpty("spec", "limited").at(path);
          return value == null ? Columns.NONE : value;
        });
  }

  private static String dangling(Tree schema) {
    return schema.trees("status", "conditions").stream()
        .filter(condition -> condition.textOrEmpty("type").equals("Dangling"))
        .findFirst()
        .map(condition -> condition.textOrEmpty("status"))
        .orElse("?");
  }
}
