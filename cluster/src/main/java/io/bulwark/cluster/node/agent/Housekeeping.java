package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.image.ImageCollection;
import io.bulwark.cluster.node.pod.PodSpec;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.RuntimeNotices;
import io.bulwark.cluster.node.runtime.SandboxState;
import io.bulwark.cluster.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the runtime for pods: wakes a pod's worker the moment one of its containers ends, looks
 * over everything every ten seconds in case a notice was lost, ends what no pod owns, evicts pods
 * that hold too much of the disk, and rotates logs.
 */
public final class Housekeeping implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration COLLECTION = Duration.ofMinutes(5);
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private final ContainerRuntime runtime;
  private final PodWorkers workers;
  private final NodeConfiguration configuration;
  private final PodVolumes volumes;
  private final LogRotation rotation;
  private final ImageCollection collection;
  private final LocalStorage storage;
  private final PodEvents events;
  private final ConcurrentMap<String, String> owners = new ConcurrentHashMap<>();
  private final Thread notices;
  private final Thread rounds;
  private final Thread images;
  private volatile boolean closed;
  private volatile @Nullable RuntimeNotices open;
  private Map<String, String> states = new HashMap<>();
  private long shared = -1;

  public Housekeeping(
      ContainerRuntime runtime,
      PodWorkers workers,
      NodeConfiguration configuration,
      PodVolumes volumes,
      LogRotation rotation,
      ImageCollection collection,
      SandboxSpecs sandboxes,
      PodEvents events) {
    this.runtime = runtime;
    this.workers = workers;
    this.configuration = configuration;
    this.volumes = volumes;
    this.rotation = rotation;
    this.collection = collection;
    this.storage = new LocalStorage(runtime, volumes, sandboxes);
    this.events = events;
    this.images = Thread.ofVirtual().name("image-collection").unstarted(this::collections);
    this.notices = Thread.ofVirtual().name("runtime-notices").unstarted(this::listen);
    this.rounds = Thread.ofVirtual().name("housekeeping").unstarted(this::rounds);
  }

  public void start() {
    notices.start();
    rounds.start();
    images.start();
  }

  private void collections() {
    try {
      while (!closed) {
        try {
          collection.collect(Instant.now());
        } catch (RuntimeFailure failed) {
          LOG.log(System.Logger.Level.DEBUG, "images: {0}", failed.getMessage());
        } catch (RuntimeException bug) { // one round must not be the last
          LOG.log(System.Logger.Level.WARNING, "images", bug);
        }
        Thread.sleep(COLLECTION); // a disk that fills tells nobody
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    while (!closed) {
      try (RuntimeNotices stream = runtime.notices()) {
        open = stream;
        stream.forEach(this::ended);
      } catch (RuntimeFailure broken) {
        LOG.log(System.Logger.Level.DEBUG, "notices: {0}", broken.getMessage());
      }
      try {
        Thread.sleep(RECONNECT); // backs off from a runtime that is away
      } catch (InterruptedException closing) {
        return;
      }
    }
  }

  private void ended(String id) {
    String owner = owners.get(id);
    if (owner == null) {
      owner = find(id);
    }
    if (owner != null && !owner.isEmpty()) {
      String uid = owner;
      Thread.ofVirtual().name("ended-" + uid).start(() -> wakeWhenKnown(id, uid));
    }
  }

  /** The notice comes a little before the runtime's own books show the end. */
  private void wakeWhenKnown(String id, String uid) {
    try {
      for (long pause = 5; pause < 3000 && running(id, uid); pause *= 2) {
        Thread.sleep(pause);
      }
      workers.wake(uid);
    } catch (RuntimeFailure down) {
      workers.wake(uid);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean running(String id, String uid) {
    return runtime.containers(SandboxSpecs.POD_UID, uid).stream()
            .anyMatch(container -> container.id().equals(id) && container.running())
        || runtime.sandboxes(SandboxSpecs.POD_UID, uid).stream()
            .anyMatch(sandbox -> sandbox.id().equals(id) && sandbox.ready());
  }

  private @Nullable String find(String id) {
    for (ContainerState container : runtime.containers()) {
      owners.put(container.id(), container.labels().getOrDefault(SandboxSpecs.POD_UID, ""));
    }
    for (SandboxState sandbox : runtime.sandboxes()) {
      owners.put(sandbox.id(), sandbox.uid());
    }
    return owners.get(id);
  }

  private void rounds() {
    try {
      while (!closed) {
        try {
          round();
        } catch (RuntimeFailure | IOException failed) {
          LOG.log(System.Logger.Level.DEBUG, "housekeeping: {0}", failed.getMessage());
        } catch (RuntimeException bug) { // one round must not be the last
          LOG.log(System.Logger.Level.WARNING, "housekeeping", bug);
        }
        Thread.sleep(PERIOD); // for notices that were lost
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws IOException, InterruptedException {
    Map<String, String> fresh = new HashMap<>();
    Set<String> alive = new HashSet<>();
    for (SandboxState sandbox : runtime.sandboxes()) {
      note(fresh, sandbox.id(), sandbox.uid(), sandbox.ready() ? "ready" : "not ready");
      alive.add(sandbox.uid());
      if (!workers.knows(sandbox.uid())) {
        workers.adoptOrphan(orphan(sandbox));
      }
    }
    List<ContainerState> containers = runtime.containers();
    for (ContainerState container : containers) {
      String uid = container.labels().getOrDefault(SandboxSpecs.POD_UID, "");
      note(fresh, container.id(), uid, container.phase().name());
      if (container.running()) {
        rotate(container);
      }
    }
    owners.keySet().retainAll(fresh.keySet());
    states = fresh;
    removeDirectories(alive);
    share();
    evict();
  }

  private void evict() throws IOException, InterruptedException {
    List<Tree> pods = workers.unfinished();
    Map<String, Verdict> excesses = storage.excesses(pods);
    for (Tree pod : pods) {
      Verdict verdict = excesses.get(Meta.uid(pod));
      if (verdict != null && !Meta.terminating(pod) && workers.end(Meta.uid(pod), verdict)) {
        events.warning(pod, verdict.reason(), verdict.message());
      }
    }
  }

  /** Pods of a class weigh together what they asked for together. */
  private void share() throws IOException {
    long burstable = 0;
    for (Tree pod : workers.unfinished()) {
      if (PodSpec.qosClass(pod).equals("Burstable")) {
        burstable += PodSpec.request(pod, "cpu").milliValue();
      }
    }
    if (burstable != shared) {
      PodCgroup.applyClass("Burstable", burstable);
      PodCgroup.applyClass("BestEffort", 0);
      shared = burstable;
    }
  }

  private void note(Map<String, String> fresh, String id, String uid, String state) {
    owners.put(id, uid);
    fresh.put(id, state);
    String before = states.get(id);
    boolean ended = !state.equals("ready") && !state.equals("RUNNING");
    if (before == null ? ended : !before.equals(state)) {
      workers.wake(uid);
    }
  }

  private void rotate(ContainerState container) {
    Map<String, String> labels = container.labels();
    Path log =
        configuration
            .logsDirectory()
            .resolve(
                labels.get(SandboxSpecs.POD_NAMESPACE)
                    + "_"
                    + labels.get(SandboxSpecs.POD_NAME)
                    + "_"
                    + labels.get(SandboxSpecs.POD_UID))
            .resolve(container.name())
            .resolve(container.attempt() + ".log");
    try {
      rotation.rotate(container, log);
    } catch (IOException refused) {
      LOG.log(System.Logger.Level.WARNING, "rotating {0}: {1}", log, refused.getMessage());
    }
  }

  private void removeDirectories(Set<String> alive) throws IOException {
    if (!Files.isDirectory(configuration.podsDirectory())) {
      return;
    }
    try (Stream<Path> pods = Files.list(configuration.podsDirectory())) {
      for (Path directory : pods.toList()) {
        String uid = String.valueOf(directory.getFileName());
        if (!alive.contains(uid) && !workers.knows(uid)) {
          volumes.remove(uid);
        }
      }
    }
  }

  private static Tree orphan(SandboxState sandbox) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Tree.of(
            "deletionGracePeriodSeconds", 30,
            "name", sandbox.name(),
            "namespace", sandbox.namespace(),
            "uid", sandbox.uid()),
        "spec",
        new Tree());
  }

  @Override
  public void close() {
    closed = true;
    RuntimeNotices stream = open;
    if (stream != null) {
      stream.close();
    }
    for (Thread thread : List.of(notices, rounds, images)) {
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
