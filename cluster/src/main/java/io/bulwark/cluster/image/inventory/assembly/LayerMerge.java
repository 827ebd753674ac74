package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.inventory.assembly.LayerContents.ReadFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Layers laid on each other, lowest first. A component belongs to the layer that first showed its
 * name and version at its path and to which it stayed: a package database that an upper layer
 * rewrites brings only what it adds. For one thread.
 */
final class LayerMerge {
  private final NavigableMap<String, List<Located>> shown = new TreeMap<>();
  private final List<LayerRole> roles = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Distribution distribution = Distribution.UNKNOWN;

  private record Identity(String name, String version, String path) {
    static Identity of(Component component) {
      return new Identity(component.name(), component.version(), component.path());
    }
  }

  void add(LayerContents layer) {
    boolean first = distribution.equals(Distribution.UNKNOWN);
    if (layer.distribution() != null) {
      distribution = layer.distribution();
    }
    Map<String, List<Located>> before = new HashMap<>();
    for (ReadFile file : layer.files()) {
      List<Located> old = shown.get(file.path());
      if (old != null) {
        before.put(file.path(), old);
      }
    }
    takeAway(layer);
    int index = roles.size();
    List<Component> brought = new ArrayList<>();
    for (ReadFile file : layer.files()) {
      put(file, before.getOrDefault(file.path(), List.of()), index, brought);
    }
    roles.add(Roles.of(brought, first && layer.distribution() != null));
    problems.addAll(layer.problems());
  }

  /** All that the finished file system shows, in the order of layers and paths. */
  List<Located> components() {
    return shown.values().stream()
        .flatMap(Collection::stream)
        .sorted((one, other) -> Integer.compare(one.layer(), other.layer()))
        .toList();
  }

  /** One for each layer. */
  List<LayerRole> roles() {
    return roles;
  }

  List<String> problems() {
    return problems;
  }

  Distribution distribution() {
    return distribution;
  }

  private void takeAway(LayerContents layer) {
    for (String directory : layer.emptied()) {
      below(directory).clear();
    }
    for (String path : layer.removed()) {
      shown.remove(path);
      below(path).clear();
    }
    if (layer.covered().size() > 0) {
      Map<String, Boolean> known = new HashMap<>();
      shown.keySet().removeIf(path -> covered(path, layer.covered(), known));
    }
  }

  private NavigableMap<String, List<Located>> below(String directory) {
    return directory.equals("/")
        ? shown
        : shown.subMap(directory + "/", true, directory + "0", false);
  }

  private static boolean covered(String path, PathSet covered, Map<String, Boolean> known) {
    if (covered.contains(path)) {
      return true;
    }
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      return false;
    }
    String parent = path.substring(0, slash);
    Boolean before = known.get(parent);
    if (before == null) {
      before = covered(parent, covered, known);
      known.put(parent, before);
    }
    return before;
  }

  private void put(ReadFile file, List<Located> old, int index, List<Component> brought) {
    Map<Identity, Integer> earlier = new HashMap<>();
    for (Located located : old) {
      earlier.put(Identity.of(located.component()), located.layer());
    }
    List<Located> now = new ArrayList<>();
    Set<String> twice = new HashSet<>();
    for (Component component : file.components()) {
      if (!twice.add(component.purl() + " " + component.path())) {
        continue;
      }
      Integer layer = earlier.get(Identity.of(component));
      if (layer == null) {
        brought.add(component);
      }
      now.add(new Located(component, layer == null ? index : layer));
    }
    if (now.isEmpty()) {
      shown.remove(file.path());
    } else {
      shown.put(file.path(), now);
    }
  }
}
