package io.bulwark.cluster.image.report;

import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What is reported of one image. Immutable.
 *
 * @param findings in any order; {@link Finding#layer} counts in the inventory's layers
 * @param created when, written to the second
 * @param serial of the document where the format has one
 * @param toolVersion the version of Bulwark that looked
 */
public record Report(
    Inventory inventory, List<Finding> findings, Instant created, UUID serial, String toolVersion) {
  /** Copies the findings. */
  public Report {
    findings = List.copyOf(findings);
  }
}
