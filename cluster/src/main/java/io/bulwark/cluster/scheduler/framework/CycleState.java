package io.bulwark.cluster.scheduler.framework;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What plug-ins worked out for one pod, by plug-in. For one thread. */
public final class CycleState {
  private final Map<String, Object> values = new HashMap<>();

  public void put(Plugin plugin, Object value) {
    values.put(plugin.name(), value);
  }

  /** What the plug-in put, or null. */
  public <T> @Nullable T get(Plugin plugin, Class<T> type) {
    Object value = values.get(plugin.name());
    return value == null ? null : type.cast(value);
  }
}
