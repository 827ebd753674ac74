package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.RuntimeHealth;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Registers the node and keeps its Node object and its Lease fresh, on threads that nothing else
 * can hold up.
 */
public final class Heartbeat implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
  private static final String LEASES = "kube-node-lease";
  private static final long LEASE_SECONDS = 40;
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration FAST = Duration.ofMillis(500);

  /** While the node has never been ready, each wait is a part of the cluster's start. */
  private static final Duration FIRST = Duration.ofMillis(50);

  private static final int FIRST_BEATS = 100;
  private static final Duration UNCHANGED = Duration.ofMinutes(5);

  private final NodeConfiguration configuration;
  private final ApiClient client;
  private final ContainerRuntime runtime;
  private final NodeStatus status;
  private final EventRecorder recorder;
  private final InstantSource clock;
  private final Thread lease;
  private final Thread report;
  private final Semaphore hurry = new Semaphore(0);
  private Instant written = Instant.EPOCH;
  private volatile Tree node = new Tree();
  private final CountDownLatch seen = new CountDownLatch(1);
  private int beforeReady;

  public Heartbeat(
      NodeConfiguration configuration,
      ApiClient client,
      ContainerRuntime runtime,
      NodeStatus status,
      EventRecorder recorder,
      InstantSource clock) {
    this.configuration = configuration;
    this.client = client;
    this.runtime = runtime;
    this.status = status;
    this.recorder = recorder;
    this.clock = clock;
    this.lease =
        Thread.ofVirtual()
            .name("node-lease")
            .unstarted(() -> forever(this::renew, new Semaphore(0)));
    this.report =
        Thread.ofVirtual().name("node-status").unstarted(() -> forever(this::report, hurry));
  }

  public void start() {
    report.start();
    lease.start();
  }

  /** The Node object as it was last seen or written; an empty tree before it is registered. */
  public Tree node() {
    return node;
  }

  /** Waits until {@link #node()} is registered. */
  public void awaitNode() throws InterruptedException {
    seen.await();
  }

  private void saw(Tree present) {
    node = present;
    if (!present.isEmpty()) {
      seen.countDown();
    }
  }

  /**
   * The Node object as it is now, for what must not be decided by an older one: its labels may have
   * changed since. The one last seen where the API server does not answer.
   */
  public Tree current() {
    try {
      Tree present = client.find(Resources.NODES, null, configuration.name());
      return present == null ? node : present;
    } catch (ApiException unreachable) {
      return node;
    }
  }

  /** Reports at once that the node's endpoint is on this port. */
  public void listensOn(int port) {
    if (status.listensOn(port)) {
      hurry.release();
    }
  }

  private interface Beat {
    /** Returns the time until the next one. */
    Duration beat();
  }

  private static void forever(Beat beat, Semaphore hurry) {
    try {
      while (true) {
        Duration pause = FAST;
        try {
          pause = beat.beat();
        } catch (ApiException | RuntimeFailure failed) {
          LOG.log(System.Logger.Level.DEBUG, "node heartbeat: {0}", failed.getMessage());
        }
        if (hurry.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          hurry.drainPermits();
        }
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration report() {
    Tree present = client.find(Resources.NODES, null, configuration.name());
    boolean registering = present == null;
    if (present == null) {
      present = client.create(Resources.NODES, null, object());
      recorder.event(reference(), EventRecorder.NORMAL, "Starting", "Starting kubelet.");
    } else {
      present = labelled(present);
    }
    Tree before = present.treeOrEmpty("status");
    RuntimeHealth health = health();
    Instant now = clock.instant();
    Tree fresh = status.of(before, health, images(), now);
    boolean changed = !steady(fresh).equals(steady(before));
    if (registering || changed || Duration.between(written, now).compareTo(UNCHANGED) >= 0) {
      Tree patch = Tree.of("status", fresh);
      present =
          client.patch(
              Resources.NODES,
              null,
              configuration.name(),
              "status",
              PatchType.STRATEGIC,
              patch,
              Query.none());
      written = now;
      tellReady(before, fresh);
    }
    saw(present.freeze());
    if (ready(fresh)) {
      beforeReady = FIRST_BEATS;
      return PERIOD;
    }
    return beforeReady++ < FIRST_BEATS ? FIRST : FAST;
  }

  private void tellReady(Tree before, Tree after) {
    if (ready(before) != ready(after)) {
      String reason = ready(after) ? "NodeReady" : "NodeNotReady";
      recorder.event(
          reference(),
          EventRecorder.NORMAL,
          reason,
          "Node " + configuration.name() + " status is now: " + reason);
    }
  }

  private Tree reference() {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Node",
        "name",
        configuration.name(),
        "uid",
        configuration.name());
  }

  private static boolean ready(Tree status) {
    return status.trees("conditions").stream()
        .anyMatch(
            condition ->
                condition.textOrEmpty("type").equals("Ready")
                    && condition.textOrEmpty("status").equals("True"));
  }

  /** A status without what changes by itself. */
  private static Tree steady(Tree status) {
    Tree steady = new Tree();
    for (String field :
        new String[] {
          "addresses", "allocatable", "capacity", "daemonEndpoints", "images", "nodeInfo"
        }) {
      steady.put(field, status.get(field) instanceof Tree tree ? tree.copy() : status.get(field));
    }
    TreeList conditions = new TreeList();
    for (Tree condition : status.trees("conditions")) {
      if (!condition.textOrEmpty("type").equals("NetworkUnavailable")) {
        conditions.add(condition.copy().drop("lastHeartbeatTime"));
      }
    }
    return steady.set(conditions, "conditions");
  }

  private @Nullable RuntimeHealth health() {
    try {
      return runtime.health();
    } catch (RuntimeFailure down) {
      return null;
    }
  }

  private List<ImageState> images() {
    try {
      return runtime.images().list();
    } catch (RuntimeFailure down) {
      return List.of();
    }
  }

  private Tree object() {
    Tree node =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Node",
            "metadata",
            Tree.of(
                "annotations",
                Tree.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"),
                "labels",
                labels(),
                "name",
                configuration.name()),
            "spec",
            new Tree(),
            "status",
            status.of(new Tree(), null, List.of(), clock.instant()));
    if (!configuration.taints().isEmpty()) {
      node.set(
          new TreeList(configuration.taints().stream().map(Tree::copy).toList()), "spec", "taints");
    }
    return node;
  }

  private Tree labels() {
    Tree labels =
        Tree.of(
            "beta.kubernetes.io/arch", ImageConfiguration.machine(),
            "beta.kubernetes.io/os", "linux",
            "kubernetes.io/arch", ImageConfiguration.machine(),
            "kubernetes.io/hostname", configuration.name(),
            "kubernetes.io/os", "linux");
    configuration.labels().forEach(labels::put);
    return labels;
  }

  private Tree labelled(Tree present) {
    Tree wanted = labels();
    boolean complete =
        wanted.entrySet().stream()
            .allMatch(
                label ->
                    String.valueOf(label.getValue()).equals(Meta.label(present, label.getKey())));
    return complete
        ? present
        : client.patch(
            Resources.NODES,
            null,
            configuration.name(),
            null,
            PatchType.STRATEGIC,
            Tree.of("metadata", Tree.of("labels", wanted)),
            Query.none());
  }

  private Duration renew() {
    if (node.isEmpty()) {
      return FIRST;
    }
    Tree present = client.find(Resources.LEASES, LEASES, configuration.name());
    String now = Timestamps.micro(clock.instant());
    if (present == null) {
      Tree owner =
          Tree.of(
              "apiVersion",
              "v1",
              "kind",
              "Node",
              "name",
              configuration.name(),
              "uid",
              Meta.uid(node));
      client.create(
          Resources.LEASES,
          LEASES,
          Tree.of(
              "apiVersion",
              "coordination.k8s.io/v1",
              "kind",
              "Lease",
              "metadata",
              Tree.of(
                  "name",
                  configuration.name(),
                  "namespace",
                  LEASES,
                  "ownerReferences",
                  TreeList.of(owner)),
              "spec",
              Tree.of(
                  "holderIdentity",
                  configuration.name(),
                  "leaseDurationSeconds",
                  LEASE_SECONDS,
                  "renewTime",
                  now)));
      return PERIOD;
    }
    Tree renewed = present.copy();
    renewed.set(configuration.name(), "spec", "holderIdentity");
    renewed.set(LEASE_SECONDS, "spec", "leaseDurationSeconds");
    renewed.set(now, "spec", "renewTime");
    client.update(Resources.LEASES, renewed);
    return PERIOD;
  }

  @Override
  public void close() {
    for (Thread thread : List.of(lease, report)) {
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
