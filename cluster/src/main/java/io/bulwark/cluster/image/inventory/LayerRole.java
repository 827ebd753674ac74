package io.bulwark.cluster.image.inventory;

import java.util.Locale;

/** What a layer is there for, by the most telling component that it brings. */
public enum LayerRole {
  DISTRIBUTION,
  RUNTIME,
  SERVER,
  APPLICATION;

  /** As reports write it: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
