package io.bulwark.cluster.network.overlay;

import io.bulwark.cluster.network.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The routes of one cluster in the kernel's main table, told from those of others by their protocol
 * number and their metric.
 *
 * @param metric different for every cluster on a machine
 */
public record OwnRoutes(int metric) {
  private static final String PROTOCOL = "177";

  /** Adds a route or changes it. */
  void replace(Kernel kernel, String prefix, List<String> way) {
    List<String> command = new ArrayList<>(List.of("ip", "route", "replace", prefix));
    command.addAll(way);
    command.addAll(List.of("proto", PROTOCOL, "metric", Integer.toString(metric)));
    kernel.run(command, "");
  }

  /** The prefixes that have a route of ours. */
  public List<String> prefixes(Kernel kernel) {
    List<String> prefixes = new ArrayList<>();
    for (String line :
        kernel.run(List.of("ip", "-4", "route", "show", "proto", PROTOCOL), "").split("\n", -1)) {
      List<String> words = List.of(line.strip().split("\\s+", -1));
      int at = words.indexOf("metric");
      if (at > 0 && words.get(at + 1).equals(Integer.toString(metric))) {
        prefixes.add(words.getFirst());
      }
    }
    return prefixes;
  }

  /** Removes our route to a prefix. */
  public void delete(Kernel kernel, String prefix) {
    kernel.run(
        List.of(
            "ip", "route", "del", prefix, "proto", PROTOCOL, "metric", Integer.toString(metric)),
        "");
  }
}
