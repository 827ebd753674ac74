package io.bulwark.cluster.node.probe;

import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one running container, each on a virtual thread of its own. Liveness and readiness
 * begin when the startup probe has passed.
 *
 * <p>Thread-safe. Source: kubernetes.io/docs/tasks/configure-pod-container, defaults of probes.
 */
public final class ContainerProbes implements AutoCloseable {
  private final ProbeAction action;
  private final Tree container;
  private final String containerId;
  private final String host;
  private final Instant containerStarted;
  private final Listener listener;
  private final Map<ProbeKind, Thread> threads = new EnumMap<>(ProbeKind.class);
  private boolean closed;
  private boolean ending;
  private volatile boolean started;
  private volatile boolean ready;
  private volatile @Nullable ProbeKind fatal;

  /** Hears of results; called on a probe's thread. */
  public interface Listener {
    /** Readiness, start or a fatal failure changed. */
    void changed();

    /** A run failed or could not be made. */
    void unhealthy(String message);
  }

  /**
   * @param host the pod's address
   * @param containerStarted from when initial delays count
   * @param alreadyReady the last known readiness, kept until the first result
   */
  public ContainerProbes(
      ProbeAction action,
      Tree container,
      String containerId,
      String host,
      Instant containerStarted,
      boolean alreadyReady,
      Listener listener) {
    this.action = action;
    this.container = container;
    this.containerId = containerId;
    this.host = host;
    this.containerStarted = containerStarted;
    this.listener = listener;
    this.started = container.tree(ProbeKind.STARTUP.field()) == null;
    this.ready = container.tree(ProbeKind.READINESS.field()) == null || alreadyReady;
  }

  public void start() {
    if (started) {
      begin();
    } else {
      launch(ProbeKind.STARTUP);
    }
  }

  public String containerId() {
    return containerId;
  }

  /** Whether the startup probe has passed, or there is none. */
  public boolean started() {
    return started;
  }

  /** Whether the container may receive requests. */
  public boolean ready() {
    return started && ready;
  }

  /** The probe for whose failures the container must be restarted, or null. */
  public @Nullable ProbeKind fatal() {
    return fatal;
  }

  private void begin() {
    launch(ProbeKind.LIVENESS);
    launch(ProbeKind.READINESS);
  }

  private synchronized void launch(ProbeKind kind) {
    Tree probe = container.tree(kind.field());
    if (probe != null && !closed && !(ending && kind != ProbeKind.READINESS)) {
      threads.put(
          kind,
          Thread.ofVirtual()
              .name(kind.word() + "-" + container.textOrEmpty("name"))
              .start(() -> work(kind, probe)));
    }
  }

  private void work(ProbeKind kind, Tree probe) {
    Duration period = Duration.ofSeconds(Math.max(1, probe.number(10, "periodSeconds")));
    Duration limit = Duration.ofSeconds(Math.max(1, probe.number(1, "timeoutSeconds")));
    long failuresAllowed = Math.max(1, probe.number(3, "failureThreshold"));
    long passesNeeded = Math.max(1, probe.number(1, "successThreshold"));
    Instant first = containerStarted.plusSeconds(probe.number(0, "initialDelaySeconds"));
    try {
      Duration wait = Duration.between(Instant.now(), first);
      if (wait.isPositive()) {
        Thread.sleep(wait); // initialDelaySeconds
      }
      long passes = 0;
      long failures = 0;
      while (true) {
        long begun = System.nanoTime();
        switch (action.run(probe, container, containerId, host, limit)) {
          case ProbeOutcome.Passed _ -> {
            passes++;
            failures = 0;
          }
          case ProbeOutcome.Failed(String output) -> {
            if (Thread.currentThread().isInterrupted()) {
              return;
            }
            failures++;
            passes = 0;
            listener.unhealthy(kind.title() + " probe failed: " + output);
          }
          case ProbeOutcome.Errored(String message) -> {
            if (Thread.currentThread().isInterrupted()) {
              return;
            }
            listener.unhealthy(kind.title() + " probe errored: " + message);
          }
        }
        if ((passes >= passesNeeded && passed(kind))
            || (failures >= failuresAllowed && failed(kind))) {
          return;
        }
        Duration used = Duration.ofNanos(System.nanoTime() - begun);
        // The rest of periodSeconds.
        Thread.sleep(period.compareTo(used) > 0 ? period.minus(used) : Duration.ZERO);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the probe has done its work. */
  private boolean passed(ProbeKind kind) {
    switch (kind) {
      case STARTUP -> {
        started = true;
        listener.changed();
        begin();
        return true;
      }
      case READINESS -> {
        if (!ready) {
          ready = true;
          listener.changed();
        }
      }
      case LIVENESS -> {}
    }
    return false;
  }

  private boolean failed(ProbeKind kind) {
    if (kind == ProbeKind.READINESS) {
      if (ready) {
        ready = false;
        listener.changed();
      }
      return false;
    }
    fatal = kind;
    listener.changed();
    return true;
  }

  /** Goes on with readiness only: a container that ends is not restarted. */
  public synchronized void onlyReadiness() {
    ending = true;
    for (ProbeKind kind : new ProbeKind[] {ProbeKind.STARTUP, ProbeKind.LIVENESS}) {
      Thread thread = threads.remove(kind);
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /** Ends the probes without waiting for a run in progress. */
  @Override
  public synchronized void close() {
    closed = true;
    threads.values().forEach(Thread::interrupt);
  }
}
