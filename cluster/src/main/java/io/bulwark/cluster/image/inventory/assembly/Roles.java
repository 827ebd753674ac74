package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.LayerRole;
import java.util.List;

/** A layer's role, from what it brings: a server tells more than a run-time, and so on down. */
final class Roles {
  /** Where package managers put libraries of languages. */
  private static final List<String> PACKAGED =
      List.of(
          "/usr/lib/python3/",
          "/usr/lib64/python3",
          "/usr/lib/python3.",
          "/usr/share/java/",
          "/usr/share/maven-repo/",
          "/usr/share/nodejs/",
          "/usr/lib/jvm/");

  private Roles() {}

  /**
   * @param brought what the layer newly brings
   * @param begins whether the layer brings the first distribution of its image
   */
  static LayerRole of(List<Component> brought, boolean begins) {
    Component.Kind most = Component.Kind.DISTRIBUTION;
    for (Component component : brought) {
      Component.Kind kind = component.kind();
      boolean packaged = kind == Component.Kind.LIBRARY && (begins || packaged(component.path()));
      if (!packaged && kind.compareTo(most) > 0) {
        most = kind;
      }
    }
    return switch (most) {
      case SERVER -> LayerRole.SERVER;
      case RUNTIME -> LayerRole.RUNTIME;
      case LIBRARY -> LayerRole.APPLICATION;
      case DISTRIBUTION ->
          brought.isEmpty() && !begins ? LayerRole.APPLICATION : LayerRole.DISTRIBUTION;
    };
  }

  private static boolean packaged(String path) {
    return PACKAGED.stream().anyMatch(path::startsWith);
  }
}
