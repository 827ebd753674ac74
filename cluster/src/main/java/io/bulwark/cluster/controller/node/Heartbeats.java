package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.loop.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each node was last heard of, on our own clock: a node with a wrong clock is no dead node.
 * Thread-safe.
 */
final class Heartbeats {
  private record Heard(String lease, String status, Instant at) {}

  private final InstantSource clock;
  private final Duration grace;
  private final Map<String, Heard> heard = new HashMap<>();

  Heartbeats(InstantSource clock, Duration grace) {
    this.clock = clock;
    this.grace = grace;
  }

  /** A node's lease was seen; a renewed one is a sign of life. */
  synchronized void lease(Tree lease) {
    String renewed = lease.textOrEmpty("spec", "renewTime");
    note(Meta.name(lease), renewed, null);
  }

  /** A node was seen; a newer heartbeat in its status is a sign of life. */
  synchronized void status(Tree node) {
    Tree ready = Conditions.find(node, "Ready");
    String beat =
        ready == null || "Unknown".equals(ready.text("status"))
            ? null
            : ready.textOrEmpty("lastHeartbeatTime") + ready.textOrEmpty("status");
    note(Meta.name(node), null, beat);
  }

  private void note(String node, @Nullable String lease, @Nullable String status) {
    Heard before = heard.get(node);
    if (before == null) {
      heard.put(
          node,
          new Heard(lease == null ? "" : lease, status == null ? "" : status, clock.instant()));
      return;
    }
    String newLease = lease == null ? before.lease : lease;
    String newStatus = status == null ? before.status : status;
    if (!newLease.equals(before.lease) || !newStatus.equals(before.status)) {
      heard.put(node, new Heard(newLease, newStatus, clock.instant()));
    }
  }

  synchronized void forget(String node) {
    heard.remove(node);
  }

  /** How long the node may still be silent; zero or less when it has been for too long. */
  synchronized Duration left(String node) {
    Heard last = heard.get(node);
    Instant from = last == null ? clock.instant() : last.at;
    return Duration.between(clock.instant(), from.plus(grace));
  }
}
