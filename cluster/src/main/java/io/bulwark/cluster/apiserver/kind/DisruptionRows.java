package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import java.util.List;

/** The kinds of policy/v1. */
final class DisruptionRows {
  private final Ages ages;

  DisruptionRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.of(Resources.POD_DISRUPTION_BUDGETS)
            .shortNames("pdb")
            .status()
            .columns(
                Columns.name(),
                bound(
                    "Min Available",
                    "The minimum number of pods that must be available.",
                    "minAvailable"),
                bound(
                    "Max Unavailable",
                    "The maximum number of pods that may be unavailable.",
                    "maxUnavailable"),
                Columns.integer(
                    "Allowed Disruptions",
                    "Calculated number of pods that may be disrupted at this time.",
                    budget -> budget.number(0, "status", "disruptionsAllowed")),
                ages.column())
            .strategy(SpecStrategy.CONDITIONAL)
            .kind());
  }

  private static Column bound(String name, String description, String field) {
    return Columns.text(
        name,
        description,
        budget -> {
          Object value = budget.at("spec", field);
          return value == null ? "N/A" : value.toString();
        });
  }
}
