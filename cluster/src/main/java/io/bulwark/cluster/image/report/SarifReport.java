package io.bulwark.cluster.image.report;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Findings as code-scanning services take them: a rule for each advisory, a result for each
 * component that it concerns.
 *
 * <p>Source: the SARIF 2.1.0 specification and its JSON schema.
 */
final class SarifReport {
  private SarifReport() {}

  static byte[] write(Report report) {
    List<Finding> findings = Order.findings(report);
    Map<String, Long> numbers = new LinkedHashMap<>();
    TreeList rules = new TreeList();
    TreeList results = new TreeList();
    for (Finding finding : findings) {
      if (!numbers.containsKey(finding.id())) {
        numbers.put(finding.id(), (long) rules.size());
        rules.add(rule(finding));
      }
      results.add(result(report.inventory(), finding, numbers.getOrDefault(finding.id(), 0L)));
    }
    Tree run =
        Tree.of(
            "tool",
                Tree.of(
                    "driver",
                    Tree.of("name", "bulwark", "version", report.toolVersion(), "rules", rules)),
            "results", results,
            "properties", Tree.of("image", report.inventory().reference()));
    return Lines.of(
        Json.write(
            Tree.of(
                "$schema",
                    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
                "version", "2.1.0",
                "runs", TreeList.of(run))));
  }

  private static Tree rule(Finding finding) {
    Tree properties = Tree.of("tags", TreeList.of("security", "vulnerability"));
    if (finding.score() != null) {
      properties.put("security-severity", String.format(Locale.ROOT, "%.1f", finding.score()));
    }
    return Tree.of(
        "id", finding.id(),
        "shortDescription",
            Tree.of("text", finding.summary().isEmpty() ? finding.id() : finding.summary()),
        "helpUri", Advisories.page(finding.id()),
        "defaultConfiguration", Tree.of("level", level(finding.severity())),
        "properties", properties);
  }

  private static Tree result(Inventory inventory, Finding finding, long rule) {
    Component component = finding.component();
    String text =
        component.name()
            + " "
            + component.version()
            + " has "
            + finding.id()
            + (finding.fixed() == null
                ? "; no fix is known."
                : "; fixed in " + finding.fixed() + ".");
    return Tree.of(
        "ruleId", finding.id(),
        "ruleIndex", rule,
        "level", level(finding.severity()),
        "message", Tree.of("text", text),
        "locations",
            TreeList.of(
                Tree.of(
                    "physicalLocation",
                    Tree.of("artifactLocation", Tree.of("uri", uri(component.path()))))),
        "partialFingerprints",
            Tree.of("component/v1", finding.id() + " " + component.purl() + " " + component.path()),
        "properties",
            Tree.of(
                "purl", component.purl(),
                "aliases", new TreeList(finding.aliases()),
                "fixedVersion", finding.fixed(),
                "layerDigest", Order.digest(inventory, finding.layer()),
                "layerRole", Order.role(inventory, finding.layer())));
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW, NONE, UNKNOWN -> "note";
    };
  }

  /** Relative to the image's root. */
  private static String uri(String path) {
    try {
      String absolute = path.startsWith("/") ? path : "/" + path;
      return new URI(null, null, absolute, null).toASCIIString().substring(1);
    } catch (URISyntaxException unreachable) {
      throw new IllegalArgumentException(unreachable);
    }
  }
}
