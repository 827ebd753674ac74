package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the evidence of one archive adds up to: the archive itself and what was shaded into it. */
final class ArchiveComponents {
  private ArchiveComponents() {}

  /**
   * @param nested whether the archive lies inside another one
   */
  static List<Component> of(ArchiveEvidence evidence, String path, boolean nested) {
    if (partOfTheRuntime(evidence)) {
      return List.of();
    }
    Set<Coordinates> all = new LinkedHashSet<>();
    Coordinates own = ArchiveIdentity.of(evidence);
    if (own != null) {
      all.add(own);
    }
    all.addAll(evidence.poms);
    List<Component> components = new ArrayList<>();
    String tomcat = Tomcat.serverVersion(evidence, path);
    if (!tomcat.isEmpty()) {
      components.add(component(new Coordinates(Tomcat.GROUP, "tomcat", tomcat), path, Kind.SERVER));
    }
    for (Coordinates each : all) {
      boolean server = each.equals(own) && !nested && server(each, path);
      components.add(component(each, path, server ? Kind.SERVER : Kind.LIBRARY));
    }
    return components;
  }

  private static Component component(Coordinates coordinates, String path, Kind kind) {
    return new Component(
        coordinates.name(),
        coordinates.version(),
        "Maven",
        Purls.maven(coordinates),
        path,
        null,
        kind);
  }

  /** Archives of the class library, which the run-time's own component stands for. */
  private static boolean partOfTheRuntime(ArchiveEvidence evidence) {
    return evidence.manifest.text("Implementation-Title").equals("Java Runtime Environment");
  }

  private static boolean server(Coordinates own, String path) {
    if (path.contains("/WEB-INF/") || path.contains("/BOOT-INF/")) {
      return false;
    }
    return switch (own.group()) {
      case "org.eclipse.jetty" -> own.artifact().equals("jetty-server") && path.contains("/lib/");
      case "org.wildfly.core" -> own.artifact().equals("wildfly-server");
      default -> false;
    };
  }
}
