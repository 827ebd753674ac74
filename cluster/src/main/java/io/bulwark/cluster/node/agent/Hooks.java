package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.probe.ProbeAction;
import io.bulwark.cluster.node.probe.ProbeOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs postStart and preStop. Thread-safe. */
public final class Hooks {
  private final ProbeAction action;

  public Hooks(ProbeAction action) {
    this.action = action;
  }

  /**
   * @return why the hook failed, or null
   */
  public @Nullable String run(
      Tree container, String hook, String containerId, String host, Duration limit)
      throws InterruptedException {
    Tree handler = container.tree("lifecycle", hook);
    if (handler == null) {
      return null;
    }
    if (handler.tree("sleep") instanceof Tree sleep) {
      Duration wish = Duration.ofSeconds(sleep.number(0, "seconds"));
      // What the hook asks for.
      Thread.sleep(wish.compareTo(limit) < 0 ? wish : limit);
      return null;
    }
    return switch (action.run(handler, container, containerId, host, limit)) {
      case ProbeOutcome.Passed _ -> null;
      case ProbeOutcome.Failed(String output) -> output;
      case ProbeOutcome.Errored(String message) -> message;
    };
  }
}
