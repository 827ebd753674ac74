package io.bulwark.cluster.image.inventory;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The components that one file shows, each once, in the order in which they were found. Keeps
 * {@value #MOST} at most, however many are added. Not safe for concurrent use.
 */
public final class Found {
  /** More components than any honest file shows. */
  public static final int MOST = 200_000;

  private final Set<Component> components = new LinkedHashSet<>();
  private boolean more;

  /** Adds a component; null is passed over. */
  public void add(@Nullable Component component) {
    if (component == null) {
      return;
    }
    if (components.size() < MOST) {
      components.add(component);
    } else {
      more |= !components.contains(component);
    }
  }

  public boolean isEmpty() {
    return components.isEmpty();
  }

  /** Whether a component of this name was added. */
  public boolean names(String name) {
    return components.stream().anyMatch(component -> component.name().equals(name));
  }

  /**
   * All of them.
   *
   * @throws IOException if more were added than are kept
   */
  public List<Component> list() throws IOException {
    if (more) {
      throw new IOException("more than " + MOST + " components");
    }
    return List.copyOf(components);
  }
}
