package io.bulwark.client;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of several candidates lead, by holding a Lease. Whether a foreign lease is over is
 * judged by how long it stayed unchanged on our own clock, never by comparing clocks.
 *
 * <p>Source: client-go's leader election, with its default timings.
 */
public final class LeaderElection implements AutoCloseable {
  /**
   * @param lease how long a silent leader is respected
   * @param renewal how long a leader tries to renew before it gives up; less than {@code lease}
   * @param retry the pause between tries; less than {@code renewal}
   */
  public record Timing(Duration lease, Duration renewal, Duration retry) {
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

    public Timing {
      if (renewal.compareTo(lease) >= 0 || retry.compareTo(renewal) >= 0) {
        throw new IllegalArgumentException("must be retry < renewal < lease");
      }
    }
  }

  private final ApiClient client;
  private final String namespace;
  private final String name;
  private final String identity;
  private final Timing timing;
  private final InstantSource clock;
  private final Runnable onStart;
  private final Runnable onStop;
  private @Nullable Thread thread;
  private volatile boolean leading;
  private volatile boolean closed;
  private Tree observed = new Tree();
  private Instant observedAt = Instant.MIN;

  /**
   * @param onStart called once this candidate leads; must return
   * @param onStop called once it no longer leads, or at close if it led
   */
  public LeaderElection(
      ApiClient client,
      String namespace,
      String name,
      String identity,
      Timing timing,
      InstantSource clock,
      Runnable onStart,
      Runnable onStop) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
    this.timing = timing;
    this.clock = clock;
    this.onStart = onStart;
    this.onStop = onStop;
  }

  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("leader-" + name).start(this::run);
    }
  }

  public boolean leading() {
    return leading;
  }

  private void run() {
    Instant renewed = Instant.MIN;
    try {
      while (!closed) {
        boolean held = tryToHold();
        Instant now = clock.instant();
        if (held) {
          renewed = now;
          lead();
        } else if (leading && Duration.between(renewed, now).compareTo(timing.renewal) > 0) {
          stop();
        }
        Thread.sleep(timing.retry); // between attempts, as upstream: a Lease says no end by itself
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      stop();
    }
  }

  private void lead() {
    if (!leading) {
      leading = true;
      onStart.run();
    }
  }

  private void stop() {
    if (leading) {
      leading = false;
      onStop.run();
    }
  }

  private boolean tryToHold() {
    try {
      Tree lease = client.find(Resources.LEASES, namespace, name);
      Instant now = clock.instant();
      if (lease == null) {
        client.create(Resources.LEASES, namespace, fresh(now));
        return true;
      }
      Tree spec = lease.treeOrEmpty("spec");
      if (!spec.equals(observed)) {
        observed = spec.copy().freeze();
        observedAt = now;
      }
      String holder = spec.textOrEmpty("holderIdentity");
      boolean ours = holder.equals(identity);
      boolean over =
          holder.isEmpty() || Duration.between(observedAt, now).compareTo(timing.lease) > 0;
      if (!ours && !over) {
        return false;
      }
      lease.set(identity, "spec", "holderIdentity");
      lease.set(timing.lease.toSeconds(), "spec", "leaseDurationSeconds");
      lease.set(Timestamps.micro(now), "spec", "renewTime");
      if (!ours) {
        lease.set(Timestamps.micro(now), "spec", "acquireTime");
        lease.set(spec.number(0, "leaseTransitions") + 1, "spec", "leaseTransitions");
      }
      client.update(Resources.LEASES, lease);
      return true;
    } catch (ApiException refused) {
      return false;
    }
  }

  private Tree fresh(Instant now) {
    return Tree.of(
        "apiVersion",
        "coordination.k8s.io/v1",
        "kind",
        "Lease",
        "metadata",
        Tree.of("name", name, "namespace", namespace),
        "spec",
        Tree.of(
            "holderIdentity", identity,
            "leaseDurationSeconds", timing.lease.toSeconds(),
            "acquireTime", Timestamps.micro(now),
            "renewTime", Timestamps.micro(now),
            "leaseTransitions", 0));
  }

  /** Stops taking part; gives the lease up so that another can lead at once. */
  @Override
  public void close() {
    boolean led = leading;
    closed = true;
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (led) {
      release();
    }
  }

  private void release() {
    try {
      Tree lease = client.find(Resources.LEASES, namespace, name);
      if (lease != null && identity.equals(lease.text("spec", "holderIdentity"))) {
        lease.drop("spec", "holderIdentity");
        lease.set(1, "spec", "leaseDurationSeconds");
        lease.set(Timestamps.micro(clock.instant()), "spec", "renewTime");
        client.update(Resources.LEASES, lease);
      }
    } catch (ApiException unreachable) {
      // The lease runs out by itself.
    }
  }
}
