package io.bulwark.cluster.image.report;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An SPDX document: the image contains packages, and packages refer to the advisories about them.
 *
 * <p>Source: the SPDX 2.3 specification and its JSON schema.
 */
final class SpdxReport {
  private static final String UNKNOWN = "NOASSERTION";
  private static final String IMAGE = "SPDXRef-image";

  private SpdxReport() {}

  static byte[] write(Report report) {
    Inventory inventory = report.inventory();
    List<Located> components = Order.components(inventory);
    Map<Located, TreeSet<String>> advisories = advisories(report);
    TreeList packages = TreeList.of(image(inventory));
    TreeList relationships = TreeList.of(relationship("SPDXRef-DOCUMENT", "DESCRIBES", IMAGE));
    for (int i = 0; i < components.size(); i++) {
      String id = "SPDXRef-component-" + (i + 1);
      Located located = components.get(i);
      packages.add(
          describe(inventory, located, id, advisories.getOrDefault(located, new TreeSet<>())));
      relationships.add(relationship(IMAGE, "CONTAINS", id));
    }
    return Lines.of(
        Json.write(
            Tree.of(
                "spdxVersion",
                "SPDX-2.3",
                "dataLicense",
                "CC0-1.0",
                "SPDXID",
                "SPDXRef-DOCUMENT",
                "name",
                inventory.reference(),
                "documentNamespace",
                "urn:uuid:" + report.serial(),
                "creationInfo",
                Tree.of(
                    "created", report.created().truncatedTo(ChronoUnit.SECONDS).toString(),
                    "creators", TreeList.of("Tool: bulwark-" + report.toolVersion())),
                "packages",
                packages,
                "relationships",
                relationships)));
  }

  private static Map<Located, TreeSet<String>> advisories(Report report) {
    Map<Located, TreeSet<String>> advisories = new HashMap<>();
    for (Finding finding : report.findings()) {
      advisories
          .computeIfAbsent(
              new Located(finding.component(), finding.layer()), located -> new TreeSet<>())
          .add(finding.id());
    }
    return advisories;
  }

  private static Tree image(Inventory inventory) {
    Tree image = nothingAsserted(IMAGE, inventory.reference());
    image.put("primaryPackagePurpose", "CONTAINER");
    String digest = inventory.digest();
    if (digest != null) {
      image.put("versionInfo", digest);
      if (digest.startsWith("sha256:")) {
        image.put(
            "checksums",
            TreeList.of(Tree.of("algorithm", "SHA256", "checksumValue", digest.substring(7))));
      }
    }
    return image;
  }

  private static Tree describe(
      Inventory inventory, Located located, String id, TreeSet<String> advisories) {
    Component component = located.component();
    TreeList references = TreeList.of(reference("PACKAGE-MANAGER", "purl", component.purl()));
    advisories.forEach(
        advisory -> references.add(reference("SECURITY", "advisory", Advisories.page(advisory))));
    Tree tree = nothingAsserted(id, component.name());
    tree.put("versionInfo", component.version());
    tree.put("primaryPackagePurpose", purpose(component.kind()));
    tree.put("externalRefs", references);
    String digest = Order.digest(inventory, located.layer());
    tree.put(
        "sourceInfo",
        "shown by "
            + component.path()
            + (digest.isEmpty() ? "" : " of layer " + digest)
            + " ("
            + Order.role(inventory, located.layer())
            + ")");
    return tree;
  }

  private static String purpose(Component.Kind kind) {
    return switch (kind) {
      case SERVER -> "APPLICATION";
      case RUNTIME, DISTRIBUTION, LIBRARY -> "LIBRARY";
    };
  }

  private static Tree nothingAsserted(String id, String name) {
    return Tree.of(
        "SPDXID", id,
        "name", name,
        "downloadLocation", UNKNOWN,
        "filesAnalyzed", false,
        "licenseConcluded", UNKNOWN,
        "licenseDeclared", UNKNOWN,
        "copyrightText", UNKNOWN);
  }

  private static Tree relationship(String from, String type, String to) {
    return Tree.of("spdxElementId", from, "relationshipType", type, "relatedSpdxElement", to);
  }

  private static Tree reference(String category, String type, String locator) {
    return Tree.of(
        "referenceCategory", category, "referenceType", type, "referenceLocator", locator);
  }
}
