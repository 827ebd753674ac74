package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import java.util.List;

/** The kinds of coordination.k8s.io/v1. */
final class CoordinationRows {
  private final Ages ages;

  CoordinationRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.of(Resources.LEASES)
            .columns(
                Columns.name(),
                Columns.text(
                    "Holder",
                    "The identity of the holder of the lease.",
                    object -> object.textOrEmpty("spec", "holderIdentity")),
                ages.column())
            .strategy(new SpeclessStrategy(false, true, false))
            .kind());
  }
}
