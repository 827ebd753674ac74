package io.bulwark.cluster.image.report;

import io.bulwark.cluster.image.inventory.Component;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names that documents use for components inside themselves: readable, unique, repeatable. */
final class References {
  private record Place(String purl, String path, int layer) {}

  private final Map<Place, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** The name of a component; the same one whenever it is asked for. */
  String of(Component component, int layer) {
    return names.computeIfAbsent(
        new Place(component.purl(), component.path(), layer),
        place -> unique(place.purl() + "#" + place.path()));
  }

  private String unique(String name) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "~" + i;
    }
    return free;
  }
}
