package io.bulwark.cluster.image.report;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A bill of materials with its vulnerabilities.
 *
 * <p>Source: the JSON schema of CycloneDX 1.6.
 */
final class CycloneDxReport {
  private CycloneDxReport() {}

  static byte[] write(Report report) {
    References references = new References();
    Tree document =
        Tree.of(
            "$schema",
            "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat",
            "CycloneDX",
            "specVersion",
            "1.6",
            "serialNumber",
            "urn:uuid:" + report.serial(),
            "version",
            1L,
            "metadata",
            metadata(report),
            "components",
            components(report.inventory(), references),
            "vulnerabilities",
            vulnerabilities(report, references));
    return Lines.of(Json.write(document));
  }

  private static Tree metadata(Report report) {
    Inventory inventory = report.inventory();
    Tree image = Tree.of("type", "container", "bom-ref", "image", "name", inventory.reference());
    if (inventory.digest() != null) {
      image.put("version", inventory.digest());
    }
    TreeList properties = new TreeList();
    for (int i = 0; i < inventory.layers().size(); i++) {
      Inventory.Layer layer = inventory.layers().get(i);
      properties.add(
          property("bulwark:layer:" + i, (layer.role().text() + " " + layer.digest()).strip()));
    }
    if (inventory.base() != null) {
      properties.add(property("bulwark:base", inventory.base()));
    }
    image.put("properties", properties);
    return Tree.of(
        "timestamp", report.created().truncatedTo(ChronoUnit.SECONDS).toString(),
        "tools",
            Tree.of(
                "components",
                TreeList.of(
                    Tree.of(
                        "type", "application",
                        "name", "bulwark",
                        "version", report.toolVersion()))),
        "component", image);
  }

  private static TreeList components(Inventory inventory, References references) {
    TreeList list = new TreeList();
    Distribution distribution = inventory.distribution();
    if (!distribution.id().isEmpty()) {
      Tree system =
          Tree.of(
              "type", "operating-system",
              "bom-ref", "distribution",
              "name", distribution.id());
      if (!distribution.version().isEmpty()) {
        system.put("version", distribution.version());
      }
      if (!distribution.name().isEmpty()) {
        system.put("description", distribution.name());
      }
      list.add(system);
    }
    for (Located located : Order.components(inventory)) {
      list.add(component(inventory, located, references));
    }
    return list;
  }

  private static Tree component(Inventory inventory, Located located, References references) {
    Component component = located.component();
    TreeList properties =
        TreeList.of(
            property("bulwark:ecosystem", component.ecosystem()),
            property("bulwark:layer:digest", Order.digest(inventory, located.layer())),
            property("bulwark:layer:role", Order.role(inventory, located.layer())));
    Component.SourcePackage source = component.source();
    if (source != null) {
      properties.add(property("bulwark:source", source.name() + " " + source.version()));
    }
    Tree tree =
        Tree.of(
            "type", component.kind() == Component.Kind.SERVER ? "application" : "library",
            "bom-ref", references.of(component, located.layer()),
            "version", component.version(),
            "purl", component.purl(),
            "evidence", Tree.of("occurrences", TreeList.of(Tree.of("location", component.path()))),
            "properties", properties);
    int colon = component.name().indexOf(':');
    if (component.ecosystem().equals("Maven") && colon > 0) {
      tree.put("group", component.name().substring(0, colon));
      tree.put("name", component.name().substring(colon + 1));
    } else {
      tree.put("name", component.name());
    }
    return tree;
  }

  private static TreeList vulnerabilities(Report report, References references) {
    Map<String, List<Finding>> byId = new LinkedHashMap<>();
    for (Finding finding : Order.findings(report)) {
      byId.computeIfAbsent(finding.id(), id -> new java.util.ArrayList<>()).add(finding);
    }
    TreeList list = new TreeList();
    byId.forEach((id, findings) -> list.add(vulnerability(id, findings, references)));
    return list;
  }

  private static Tree vulnerability(String id, List<Finding> findings, References references) {
    Finding worst = findings.getFirst();
    Tree rating = Tree.of("severity", worst.severity().name().toLowerCase(Locale.ROOT));
    if (worst.score() != null) {
      rating.put("score", worst.score());
    }
    TreeSet<String> affected = new TreeSet<>();
    TreeSet<String> aliases = new TreeSet<>();
    TreeSet<String> updates = new TreeSet<>();
    for (Finding finding : findings) {
      affected.add(references.of(finding.component(), finding.layer()));
      aliases.addAll(finding.aliases());
      if (finding.fixed() != null) {
        updates.add("Update " + finding.component().name() + " to " + finding.fixed() + ".");
      }
    }
    TreeList affects = new TreeList();
    affected.forEach(reference -> affects.add(Tree.of("ref", reference)));
    Tree tree =
        Tree.of(
            "id",
            id,
            "source",
            Tree.of("url", Advisories.page(id)),
            "ratings",
            TreeList.of(rating),
            "affects",
            affects);
    if (!worst.summary().isEmpty()) {
      tree.put("description", worst.summary());
    }
    if (!updates.isEmpty()) {
      tree.put("recommendation", String.join(" ", updates));
    }
    if (!aliases.isEmpty()) {
      TreeList others = new TreeList();
      aliases.forEach(
          alias ->
              others.add(Tree.of("id", alias, "source", Tree.of("url", Advisories.page(alias)))));
      tree.put("references", others);
    }
    return tree;
  }

  private static Tree property(String name, String value) {
    return Tree.of("name", name, "value", value);
  }
}
