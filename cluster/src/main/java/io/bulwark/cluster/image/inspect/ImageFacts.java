package io.bulwark.cluster.image.inspect;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is known of images beside the objects of the API. Thread-safe. */
public interface ImageFacts {
  /** Counts in the Prometheus text format, every line ended. */
  String metrics();

  /**
   * What an image holds as a CycloneDX document in JSON.
   *
   * @param report name of the VulnerabilityReport
   * @return null where there is none
   * @throws IOException if it cannot be read
   */
  byte @Nullable [] document(String namespace, String report) throws IOException;
}
