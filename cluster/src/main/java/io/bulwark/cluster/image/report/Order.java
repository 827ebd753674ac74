package io.bulwark.cluster.image.report;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.util.Comparator;
import java.util.List;

/** The one order in which every format lists things, and where in the image they lie. */
final class Order {
  private static final Comparator<Component> BY_NAME =
      Comparator.comparing(Component::ecosystem)
          .thenComparing(Component::name)
          .thenComparing(Component::version)
          .thenComparing(Component::path)
          .thenComparing(Component::purl);

  private Order() {}

  static List<Located> components(Inventory inventory) {
    return inventory.components().stream()
        .sorted(Comparator.comparing(Located::component, BY_NAME).thenComparing(Located::layer))
        .distinct()
        .toList();
  }

  /** Worst first. */
  static List<Finding> findings(Report report) {
    return report.findings().stream()
        .sorted(
            Comparator.comparing(Finding::severity)
                .reversed()
                .thenComparing(Finding::id)
                .thenComparing(Finding::component, BY_NAME)
                .thenComparing(Finding::layer))
        .distinct()
        .toList();
  }

  /** Empty for a layer that has none, and for a layer that the inventory does not list. */
  static String digest(Inventory inventory, int layer) {
    return layer >= 0 && layer < inventory.layers().size()
        ? inventory.layers().get(layer).digest()
        : "";
  }

  static String role(Inventory inventory, int layer) {
    return layer >= 0 && layer < inventory.layers().size()
        ? inventory.layers().get(layer).role().text()
        : LayerRole.APPLICATION.text();
  }
}
