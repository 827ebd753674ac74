package io.bulwark.cluster.controller;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which controllers run, in the words of upstream's {@code --controllers}: {@code *} for all,
 * {@code foo} for the one of that name, {@code -foo} for all but that one. The first that names a
 * controller counts; what nothing names runs if there is a {@code *}. Immutable.
 *
 * <p>Source: the reference page of kube-controller-manager, {@code --controllers}
 */
public record ControllerSelection(List<String> entries) {
  public static final ControllerSelection DEFAULT = new ControllerSelection(List.of("*"));

  private static final SortedSet<String> NAMES =
      Arrays.stream(ControllerName.values())
          .map(ControllerName::toString)
          .collect(Collectors.toCollection(TreeSet::new));

  /**
   * @throws IllegalArgumentException if an entry names no controller
   */
  public ControllerSelection {
    entries = List.copyOf(entries);
    for (String entry : entries) {
      String name = entry.startsWith("-") ? entry.substring(1) : entry;
      if (!entry.equals("*") && !NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "\"%s\" is not in the list of known controllers: %s"
                .formatted(name, String.join(", ", NAMES)));
      }
    }
  }

  /** Whether a controller runs. */
  public boolean runs(ControllerName controller) {
    String name = controller.toString();
    for (String entry : entries) {
      if (entry.equals(name)) {
        return true;
      }
      if (entry.equals("-" + name)) {
        return false;
      }
    }
    return entries.contains("*");
  }
}
