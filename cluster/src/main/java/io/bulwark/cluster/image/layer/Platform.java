package io.bulwark.cluster.image.layer;

import io.bulwark.cluster.image.build.ImageConfiguration;
import java.util.regex.Pattern;

/**
 * The machine that an image is for, in Go's words. Immutable.
 *
 * @param variant such as {@code v7}; empty for none
 */
public record Platform(String os, String architecture, String variant) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?");

  /** Linux on this machine's processor. */
  public static Platform machine() {
    return new Platform("linux", ImageConfiguration.machine(), "");
  }

  /**
   * Reads {@code OS/ARCHITECTURE[/VARIANT]}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Platform of(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a platform is OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, not " + text);
    }
    String[] parts = text.split("/");
    return new Platform(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
  }

  /** Whether an image for another platform does for this one. */
  boolean accepts(Platform image) {
    return os.equals(image.os)
        && architecture.equals(image.architecture)
        && (variant.isEmpty() || plain(variant).equals(plain(image.variant)));
  }

  /** Every 64-bit ARM is at least a v8. */
  private String plain(String name) {
    return architecture.equals("arm64") && name.equals("v8") ? "" : name;
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
