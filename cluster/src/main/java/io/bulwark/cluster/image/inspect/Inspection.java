package io.bulwark.cluster.image.inspect;

import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image holds and what is wrong with it. Immutable.
 *
 * @param index digest of the index through which the image was found; null if there was none
 * @param architecture that the image is for, where its index has one for each; else empty
 * @param created null if the image does not say
 * @param findings the worst first
 * @param dataVersion of the vulnerability data, empty if there are none
 * @param verified fingerprints of the signature requirements that hold
 * @param unverified why others do not, for the log of events
 */
public record Inspection(
    Inventory inventory,
    @Nullable String index,
    String architecture,
    @Nullable Instant created,
    List<Finding> findings,
    String dataVersion,
    Set<String> verified,
    List<String> unverified) {
  /** Copies the collections. */
  public Inspection {
    findings = List.copyOf(findings);
    verified = Set.copyOf(verified);
    unverified = List.copyOf(unverified);
  }
}
