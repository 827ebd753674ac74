package io.bulwark.cluster.controller.garbage;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Discovery;
import io.bulwark.client.Query;
import io.bulwark.client.Reflector;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Follows every resource that can be deleted and deletes what its owners no longer hold: in the
 * background, in the foreground, or by orphaning. Keeps a few references for each object, never the
 * object.
 *
 * <p>Source: kubernetes pkg/controller/garbagecollector.
 */
public final class GarbageCollector implements Component {
  /** The service account. */
  public static final String NAME = "generic-garbage-collector";

  private static final System.Logger LOG = System.getLogger(GarbageCollector.class.getName());

  /** As upstream's default list, these never have owners worth following. */
  private static final Set<Resource> IGNORED = Set.of(Resources.EVENTS, Resources.EVENTS_V1);

  private final ControllerContext context;
  private final Duration rediscovery;
  private final Discovery discovery;
  private final OwnerGraph graph;
  private final Collector collector;
  private final ControllerLoop<String> deletions;
  private final ControllerLoop<String> orphanings;
  private final Map<Resource, Monitor> monitors = new HashMap<>();
  private volatile Mapping mapping = new Mapping(Map.of());
  private @Nullable Thread thread;

  /**
   * @param rediscovery how often to ask which resources are served
   */
  public GarbageCollector(ControllerContext context, int workers, Duration rediscovery) {
    this.context = context;
    this.rediscovery = rediscovery;
    this.discovery = new Discovery(context.client());
    this.deletions = new ControllerLoop<>(NAME, workers, this::delete);
    this.orphanings = new ControllerLoop<>(NAME + "-orphan", workers, this::orphan);
    this.graph = new OwnerGraph(deletions::add, orphanings::add);
    this.collector = new Collector(context.client(), graph, () -> mapping, deletions::add);
  }

  @Override
  public synchronized void start() {
    thread = Thread.ofVirtual().name(NAME).start(this::follow);
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      running = thread;
      thread = null;
    }
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    deletions.close();
    orphanings.close();
    monitors.values().forEach(Monitor::close);
    monitors.clear();
    context.events().close();
  }

  private void follow() {
    try {
      while (!rediscover()) {
        Thread.sleep(Duration.ofMillis(200)); // backs off from a server that is starting
      }
      for (Monitor monitor : monitors.values()) {
        monitor.synced.await();
      }
      deletions.start();
      orphanings.start();
      while (true) {
        Thread.sleep(rediscovery); // which kinds are served cannot be watched
        rediscover();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean rediscover() {
    List<Resource> found;
    try {
      found =
          discovery.resources().stream()
              .filter(Discovery.Served::collectable)
              .map(Discovery.Served::resource)
              .filter(resource -> !IGNORED.contains(resource))
              .toList();
    } catch (ApiException refused) {
      LOG.log(System.Logger.Level.DEBUG, () -> "discovery: " + refused.getMessage());
      return false;
    }
    Set<Resource> gone = new HashSet<>(monitors.keySet());
    found.forEach(gone::remove);
    for (Resource resource : gone) {
      Monitor monitor = monitors.remove(resource);
      if (monitor != null) {
        monitor.close();
        graph.retain(resource, Set.of());
      }
    }
    mapping = Mapping.of(found);
    for (Resource resource : found) {
      monitors.computeIfAbsent(resource, Monitor::new);
    }
    return true;
  }

  private @Nullable Duration delete(String uid) {
    try {
      collector.delete(uid);
      return null;
    } catch (Collector.UnknownKind unknown) {
      LOG.log(System.Logger.Level.DEBUG, unknown::getMessage);
      return rediscovery;
    }
  }

  private @Nullable Duration orphan(String uid) {
    try {
      collector.orphan(uid);
      return null;
    } catch (Collector.UnknownKind unknown) {
      return rediscovery;
    }
  }

  /** Feeds one resource into the graph. */
  private final class Monitor implements Reflector.Sink {
    private final Resource resource;
    private final CountDownLatch synced = new CountDownLatch(1);
    private final Reflector reflector;
    private final Thread follower;

    Monitor(Resource resource) {
      this.resource = resource;
      this.reflector = new Reflector(context.client(), resource, null, Query.none(), this);
      this.follower = Thread.ofVirtual().name(NAME + "-" + resource.resource()).start(reflector);
    }

    @Override
    public void replace(List<Tree> objects) {
      Set<String> uids = new HashSet<>();
      for (Tree object : objects) {
        uids.add(Meta.uid(object));
        graph.put(object);
      }
      graph.retain(resource, uids);
      synced.countDown();
    }

    @Override
    public void changed(Tree object, boolean gone) {
      if (gone) {
        graph.remove(Meta.uid(object));
      } else {
        graph.put(object);
      }
    }

    void close() {
      reflector.close();
      follower.interrupt();
    }
  }
}
