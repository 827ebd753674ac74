package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.PackageUrl;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How advisories and package URLs name a distribution and its release.
 *
 * <p>Source: OSV schema, "Defined Ecosystems"; purl-spec, types deb, apk and rpm.
 */
public final class Release {
  private Release() {}

  /** OSV's ecosystem; {@code Linux} where nothing names the distribution. */
  public static String ecosystem(Distribution distribution) {
    String id = distribution.id();
    String version = distribution.version();
    String major = version.isEmpty() ? "" : version.split("\\.", 2)[0];
    return switch (id) {
      case "debian" -> with("Debian", major);
      case "ubuntu" -> with("Ubuntu", version + (longTerm(version) ? ":LTS" : ""));
      case "alpine" -> with("Alpine", alpine(version));
      case "wolfi" -> "Wolfi";
      case "chainguard" -> "Chainguard";
      case "rhel", "centos" -> with("Red Hat", major);
      case "rocky" -> with("Rocky Linux", major);
      case "almalinux" -> with("AlmaLinux", major);
      case "ol" -> with("Oracle Linux", major);
      case "fedora" -> with("Fedora", version);
      case "amzn" -> with("Amazon Linux", version);
      case "azurelinux", "mariner" -> with("Azure Linux", major);
      case "photon" -> with("Photon OS", version);
      case "mageia" -> with("Mageia", version);
      case "openEuler", "openeuler" -> with("openEuler", version);
      case "opensuse-leap" -> with("openSUSE", "Leap " + version);
      case "opensuse-tumbleweed" -> "openSUSE:Tumbleweed";
      case "sles" -> with("SUSE", suse(version));
      case "" -> "Linux";
      default -> with(id, version);
    };
  }

  /**
   * The package URL of a distribution's package.
   *
   * @param type {@code deb}, {@code apk} or {@code rpm}
   * @param qualifiers in addition to the distribution; empty values are left out
   * @throws IOException if the name cannot be written in a package URL
   */
  public static String purl(
      String type,
      String name,
      String version,
      Distribution distribution,
      Map<String, String> qualifiers)
      throws IOException {
    TreeMap<String, String> all = new TreeMap<>(qualifiers);
    all.values().removeIf(String::isEmpty);
    String id = distribution.id();
    if (!id.isEmpty()) {
      all.put("distro", distribution.version().isEmpty() ? id : id + "-" + distribution.version());
    }
    try {
      return PackageUrl.of(type, namespace(type, id), name, version, all);
    } catch (IllegalArgumentException malformed) {
      throw new IOException("no package name: " + name, malformed);
    }
  }

  /** The type that package URLs of a distribution's packages have. */
  public static String packageType(Distribution distribution) {
    return switch (distribution.id()) {
      case "debian", "ubuntu" -> "deb";
      case "alpine", "wolfi", "chainguard" -> "apk";
      default -> distribution.id().isEmpty() ? "deb" : "rpm";
    };
  }

  private static String namespace(String type, String id) {
    return switch (id) {
      case "rhel" -> "redhat";
      case "opensuse-leap", "opensuse-tumbleweed" -> "opensuse";
      case "sles" -> "suse";
      case "" -> type.equals("deb") ? "debian" : type.equals("apk") ? "alpine" : "linux";
      default -> id;
    };
  }

  private static String with(String name, String release) {
    return release.isBlank() ? name : name + ":" + release;
  }

  private static boolean longTerm(String version) {
    return version.matches("\\d*[02468]\\.04");
  }

  private static String alpine(String version) {
    if (version.isEmpty()) {
      return "";
    }
    String[] parts = version.split("\\.");
    boolean edge = parts.length < 2 || version.contains("_alpha");
    return edge ? "edge" : "v" + parts[0] + "." + parts[1];
  }

  private static String suse(String version) {
    String[] parts = version.split("\\.", 2);
    String pack = parts.length > 1 && !parts[1].equals("0") ? " SP" + parts[1] : "";
    return version.isEmpty() ? "" : "Linux Enterprise Server " + parts[0] + pack;
  }
}
