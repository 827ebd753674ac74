package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Components that are known at second hand, where the image also shows them at first hand.
 *
 * <ul>
 *   <li>What a lock or requirements file declares gives way to what is installed: npm packages to
 *       the {@code node_modules} beside the file, Python distributions to an installed one of the
 *       same name anywhere.
 *   <li>Libraries in the directories that Debian keeps for its own packages give way to the package
 *       database, which names them with the version that Debian's advisories speak of. Advisories
 *       of the language would be wrong there, since Debian mends without changing the version.
 * </ul>
 */
public final class SecondHand {
  private static final Set<String> LOCKS =
      Set.of("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml");
  private static final List<String> PACKAGED =
      List.of(
          "/usr/lib/python2.7/dist-packages/",
          "/usr/lib/python3/dist-packages/",
          "/usr/share/java/",
          "/usr/share/maven-repo/",
          "/usr/share/nodejs/");

  private SecondHand() {}

  /** The components of a whole file system without those; the order stays. */
  public static List<Located> without(List<Located> components) {
    Set<String> modules = new HashSet<>();
    Set<String> distributions = new HashSet<>();
    boolean debian = false;
    for (Located located : components) {
      Component component = located.component();
      debian |= ofDebian(component);
      int directory = component.path().indexOf("/node_modules/");
      if (directory >= 0) {
        modules.add(component.path().substring(0, directory + 1));
      } else if (component.ecosystem().equals("PyPI") && !requirements(component.path())) {
        distributions.add(component.name());
      }
    }
    boolean packaged = debian;
    return components.stream()
        .filter(
            located ->
                !declared(located.component(), modules, distributions)
                    && !(packaged && owned(located.component())))
        .toList();
  }

  private static boolean declared(
      Component component, Set<String> modules, Set<String> distributions) {
    String path = component.path();
    int name = path.lastIndexOf('/') + 1;
    return (LOCKS.contains(path.substring(name)) && modules.contains(path.substring(0, name)))
        || (requirements(path) && distributions.contains(component.name()));
  }

  private static boolean requirements(String path) {
    return path.startsWith("requirements", path.lastIndexOf('/') + 1) && path.endsWith(".txt");
  }

  private static boolean ofDebian(Component component) {
    return component.ecosystem().startsWith("Debian") || component.ecosystem().startsWith("Ubuntu");
  }

  private static boolean owned(Component component) {
    return component.kind() != Component.Kind.DISTRIBUTION
        && !ofDebian(component)
        && PACKAGED.stream().anyMatch(component.path()::startsWith);
  }
}
