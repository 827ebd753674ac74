package io.bulwark.cluster.image.inventory;

import java.io.IOException;
import java.util.List;

/** A damaged file that shows components all the same. */
public final class PartlyRead extends IOException {
  private static final long serialVersionUID = 1;

  private final transient List<Component> components;

  public PartlyRead(String damage, List<Component> components) {
    super(damage);
    this.components = List.copyOf(components);
  }

  /** What could be read. */
  public List<Component> components() {
    return components;
  }
}
