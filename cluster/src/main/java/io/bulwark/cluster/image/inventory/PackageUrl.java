package io.bulwark.cluster.image.inventory;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Package URLs in their canonical form.
 *
 * <p>Source: purl-spec, "Character encoding": a colon stands as it is, which the library encodes.
 */
public final class PackageUrl {
  private PackageUrl() {}

  /**
   * Writes one.
   *
   * @param namespace null for none
   * @param qualifiers may be empty
   * @throws IllegalArgumentException if the parts cannot make one
   */
  public static String of(
      String type,
      @Nullable String namespace,
      String name,
      String version,
      Map<String, String> qualifiers) {
    try {
      TreeMap<String, String> all = qualifiers.isEmpty() ? null : new TreeMap<>(qualifiers);
      return new PackageURL(type, namespace, name, version, all, null)
          .canonicalize()
          .replace("%3A", ":");
    } catch (MalformedPackageURLException malformed) {
      throw new IllegalArgumentException("no package URL for " + name, malformed);
    }
  }
}
