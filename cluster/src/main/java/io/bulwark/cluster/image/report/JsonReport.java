package io.bulwark.cluster.image.report;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.util.List;
import java.util.Locale;

/** The contract that scripts rely on: fields are added, never renamed or taken away. */
final class JsonReport {
  private JsonReport() {}

  static byte[] write(Report report) {
    Inventory inventory = report.inventory();
    TreeList layers = new TreeList();
    for (Inventory.Layer layer : inventory.layers()) {
      layers.add(
          Tree.of(
              "digest", layer.digest(),
              "size", layer.size(),
              "role", layer.role().text(),
              "createdBy", layer.createdBy()));
    }
    TreeList components = new TreeList();
    for (Inventory.Located located : Order.components(inventory)) {
      components.add(component(inventory, located.component(), located.layer()));
    }
    TreeList findings = new TreeList();
    for (Finding finding : Order.findings(report)) {
      findings.add(finding(inventory, finding));
    }
    Distribution distribution = inventory.distribution();
    return Lines.of(
        Json.write(
            Tree.of(
                "reference",
                inventory.reference(),
                "digest",
                inventory.digest(),
                "distribution",
                Tree.of(
                    "id", distribution.id(),
                    "version", distribution.version(),
                    "name", distribution.name()),
                "base",
                inventory.base(),
                "layers",
                layers,
                "components",
                components,
                "findings",
                findings,
                "problems",
                new TreeList(List.copyOf(inventory.problems())))));
  }

  private static Tree component(Inventory inventory, Component component, int layer) {
    Tree tree =
        Tree.of(
            "name", component.name(),
            "version", component.version(),
            "ecosystem", component.ecosystem(),
            "purl", component.purl(),
            "path", component.path(),
            "kind", component.kind().name().toLowerCase(Locale.ROOT),
            "layerDigest", Order.digest(inventory, layer),
            "layerRole", Order.role(inventory, layer));
    Component.SourcePackage source = component.source();
    if (source != null) {
      tree.put("source", Tree.of("name", source.name(), "version", source.version()));
    }
    return tree;
  }

  private static Tree finding(Inventory inventory, Finding finding) {
    return Tree.of(
        "id", finding.id(),
        "aliases", new TreeList(finding.aliases()),
        "severity", finding.severity().name().toLowerCase(Locale.ROOT),
        "score", finding.score(),
        "componentName", finding.component().name(),
        "componentVersion", finding.component().version(),
        "componentPurl", finding.component().purl(),
        "componentPath", finding.component().path(),
        "fixedVersion", finding.fixed(),
        "summary", finding.summary(),
        "layerDigest", Order.digest(inventory, finding.layer()),
        "layerRole", Order.role(inventory, finding.layer()));
  }
}
