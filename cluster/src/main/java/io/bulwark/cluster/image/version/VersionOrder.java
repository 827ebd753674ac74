package io.bulwark.cluster.image.version;

import java.util.Comparator;
import java.util.Map;

/**
 * The order in which an ecosystem puts its versions. Any two texts have an order, versions or not,
 * and none throws: what the ecosystem would not accept comes before all that it would. Stateless
 * and safe for concurrent use.
 */
@FunctionalInterface
public interface VersionOrder extends Comparator<String> {
  /** The longest text that is read as a version, in characters; longer ones come first. */
  int LONGEST = 1024;

  /** Negative if {@code one} is older, positive if it is newer, 0 if both are the same version. */
  @Override
  int compare(String one, String other);

  /** Semantic versioning 2.0.0, as OSV's ranges of type {@code SEMVER} use it. */
  static VersionOrder semantic() {
    return Orders.SEMANTIC;
  }

  /**
   * The order of an ecosystem.
   *
   * @param ecosystem in OSV's words; what follows the first colon, a release, does not matter. An
   *     unknown one is ordered as Debian orders.
   */
  static VersionOrder of(String ecosystem) {
    int colon = ecosystem.indexOf(':');
    String name = colon < 0 ? ecosystem : ecosystem.substring(0, colon);
    return Orders.BY_NAME.getOrDefault(name, Orders.DPKG);
  }

  /** Whether an ecosystem's order is known here, rather than guessed. */
  static boolean knows(String ecosystem) {
    int colon = ecosystem.indexOf(':');
    return Orders.BY_NAME.containsKey(colon < 0 ? ecosystem : ecosystem.substring(0, colon));
  }
}

/** One instance of each order. */
final class Orders {
  static final VersionOrder DPKG = bounded(new DpkgOrder());
  static final VersionOrder SEMANTIC = bounded(new SemanticOrder(SemanticOrder.Dialect.STRICT));
  private static final VersionOrder RPM = bounded(new RpmOrder());
  private static final VersionOrder APK = bounded(new ApkOrder());
  private static final VersionOrder MAVEN = bounded(new MavenOrder());
  private static final VersionOrder PYTHON = bounded(new PythonOrder());
  private static final VersionOrder RUBY = bounded(new RubyOrder());
  private static final VersionOrder GO = bounded(new SemanticOrder(SemanticOrder.Dialect.GO));
  private static final VersionOrder NUGET = bounded(new SemanticOrder(SemanticOrder.Dialect.NUGET));

  static final Map<String, VersionOrder> BY_NAME =
      Map.ofEntries(
          Map.entry("Debian", DPKG),
          Map.entry("Ubuntu", DPKG),
          Map.entry("Echo", DPKG),
          Map.entry("Alpine", APK),
          Map.entry("Alpaquita", APK),
          Map.entry("BellSoft Hardened Containers", APK),
          Map.entry("Chainguard", APK),
          Map.entry("MinimOS", APK),
          Map.entry("Wolfi", APK),
          Map.entry("AlmaLinux", RPM),
          Map.entry("Amazon Linux", RPM),
          Map.entry("Azure Linux", RPM),
          Map.entry("CentOS", RPM),
          Map.entry("Fedora", RPM),
          Map.entry("Mageia", RPM),
          Map.entry("openEuler", RPM),
          Map.entry("openSUSE", RPM),
          Map.entry("Oracle Linux", RPM),
          Map.entry("Photon OS", RPM),
          Map.entry("Red Hat", RPM),
          Map.entry("Rocky Linux", RPM),
          Map.entry("SUSE", RPM),
          Map.entry("Maven", MAVEN),
          Map.entry("PyPI", PYTHON),
          Map.entry("RubyGems", RUBY),
          Map.entry("NuGet", NUGET),
          Map.entry("Go", GO),
          Map.entry("npm", SEMANTIC),
          Map.entry("crates.io", SEMANTIC),
          Map.entry("Bitnami", SEMANTIC),
          Map.entry("GitHub Actions", SEMANTIC),
          Map.entry("Hex", SEMANTIC),
          Map.entry("Julia", SEMANTIC),
          Map.entry("Packagist", SEMANTIC),
          Map.entry("Pub", SEMANTIC),
          Map.entry("SwiftURL", SEMANTIC));

  private Orders() {}

  private static VersionOrder bounded(VersionOrder order) {
    return (one, other) -> {
      boolean long1 = one.length() > VersionOrder.LONGEST;
      boolean long2 = other.length() > VersionOrder.LONGEST;
      if (long1 || long2) {
        return long1 && long2 ? one.compareTo(other) : long1 ? -1 : 1;
      }
      return order.compare(one, other);
    };
  }
}
