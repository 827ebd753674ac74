package io.bulwark.cluster.controller.image;

import io.bulwark.cluster.controller.image.ImageController.ImageKey;
import io.bulwark.cluster.image.inspect.ImageInspector;
import io.bulwark.cluster.image.inspect.Inspection;
import io.bulwark.cluster.image.inspect.ReportDocuments;
import io.bulwark.cluster.image.policy.ReportName;
import io.bulwark.cluster.image.report.Report;
import io.bulwark.cluster.image.report.ReportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * What images are looked into with, and where documents of what was found are kept.
 *
 * @param version of Bulwark, which documents name
 */
record Looking(ImageInspector inspector, ReportDocuments documents, String version) {
  boolean documented(ImageKey key) {
    return documents.has(key.namespace(), ReportName.of(key.reference()));
  }

  void document(ImageKey key, Inspection inspection, Instant now) throws IOException {
    UUID serial =
        UUID.nameUUIDFromBytes(
            (key.namespace() + " " + key.reference() + " " + now).getBytes(StandardCharsets.UTF_8));
    Report report = new Report(inspection.inventory(), inspection.findings(), now, serial, version);
    documents.keep(
        key.namespace(), ReportName.of(key.reference()), ReportFormat.CYCLONEDX.write(report));
  }
}
