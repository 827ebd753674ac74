package io.bulwark.cluster.controller.image;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.image.inspect.Inspection;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.policy.ReportName;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Writes what an inspection found as objects of the API. */
final class ReportContent {
  private static final int MOST_FINDINGS = 1000;
  private static final int MOST_PROBLEMS = 50;
  private static final int LONGEST = 300;

  private ReportContent() {}

  static Tree report(String namespace, String reference, Inspection inspection, Instant now) {
    return Tree.of(
        "apiVersion",
        "image.bulwark.io/v1alpha1",
        "kind",
        "VulnerabilityReport",
        "metadata",
        Tree.of("namespace", namespace, "name", ReportName.of(reference)),
        "report",
        content(reference, inspection, now));
  }

  private static Tree content(String reference, Inspection inspection, Instant now) {
    Inventory inventory = inspection.inventory();
    Tree content =
        Tree.of(
            "image", reference,
            "scanned", Timestamps.seconds(now),
            "dataVersion", inspection.dataVersion(),
            "distribution", inventory.distribution().name(),
            "components", (long) inventory.components().size(),
            "summary", summary(inspection.findings()),
            "layers", layers(inventory),
            "findings", findings(inspection.findings(), inventory));
    if (inventory.digest() != null) {
      content.put("digest", inventory.digest());
    }
    if (inspection.index() != null) {
      content.put("index", inspection.index());
    }
    if (!inspection.architecture().isEmpty()) {
      content.put("architecture", inspection.architecture());
    }
    if (inventory.base() != null) {
      content.put("base", inventory.base());
    }
    if (inspection.created() != null) {
      content.put("created", Timestamps.seconds(inspection.created()));
    }
    if (!inspection.verified().isEmpty()) {
      content.put("verified", new TreeList(new TreeSet<>(inspection.verified())));
    }
    if (!inventory.problems().isEmpty()) {
      content.put(
          "problems",
          new TreeList(
              inventory.problems().stream()
                  .limit(MOST_PROBLEMS)
                  .map(ReportContent::bounded)
                  .toList()));
    }
    return content;
  }

  static Tree summary(List<Finding> findings) {
    Tree summary = new Tree();
    for (Severity severity :
        List.of(
            Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.UNKNOWN)) {
      summary.put(lower(severity), findings.stream().filter(f -> f.severity() == severity).count());
    }
    return summary;
  }

  private static TreeList layers(Inventory inventory) {
    TreeList layers = new TreeList();
    for (Inventory.Layer layer : inventory.layers()) {
      layers.add(
          Tree.of(
              "digest", layer.digest(),
              "role", layer.role().text(),
              "createdBy", bounded(layer.createdBy())));
    }
    return layers;
  }

  static TreeList findings(List<Finding> findings, Inventory inventory) {
    TreeList list = new TreeList();
    for (Finding finding : findings.subList(0, Math.min(MOST_FINDINGS, findings.size()))) {
      Inventory.Layer layer = inventory.layers().get(finding.layer());
      Tree entry =
          Tree.of(
              "id", finding.id(),
              "severity", lower(finding.severity()),
              "component", finding.component().purl(),
              "path", bounded(finding.component().path()),
              "layerDigest", layer.digest(),
              "layerRole", layer.role().text(),
              "summary", bounded(finding.summary()));
      if (!finding.aliases().isEmpty()) {
        entry.put("aliases", new TreeList(finding.aliases()));
      }
      if (finding.score() != null) {
        entry.put("score", finding.score());
      }
      if (finding.fixed() != null) {
        entry.put("fixedVersion", finding.fixed());
      }
      list.add(entry);
    }
    return list;
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }

  private static String lower(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
