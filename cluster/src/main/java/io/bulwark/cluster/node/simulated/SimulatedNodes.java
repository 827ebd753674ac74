package io.bulwark.cluster.node.simulated;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Nodes without containers: they register, keep their leases, and give the pods that are bound to
 * them a life cycle. For tests of operators and of scheduling at scale.
 */
public final class SimulatedNodes implements Component {
  private static final System.Logger LOG = System.getLogger(SimulatedNodes.class.getName());
  private static final String PREFIX = "node-";
  private static final Duration RENEWAL = Duration.ofSeconds(15);
  private static final int WORKERS = 4;

  private final ApiClient client;
  private final Informer pods;
  private final int count;
  private final InstantSource clock;
  private final ControllerLoop<String> loop;
  private final AtomicInteger addresses = new AtomicInteger();
  private @Nullable Thread renewal;

  /**
   * @param count how many nodes there are, named {@code node-1} and so on
   */
  public SimulatedNodes(ApiClient client, Informers informers, int count, InstantSource clock) {
    if (count < 0) {
      throw new IllegalArgumentException("count: must not be negative: " + count);
    }
    this.client = client;
    this.pods = informers.of(Resources.PODS);
    this.count = count;
    this.clock = clock;
    this.loop = new ControllerLoop<>("simulated-nodes", WORKERS, this::reconcile);
  }

  @Override
  public void start() {
    for (int i = 1; i <= count; i++) {
      register(PREFIX + i);
    }
    pods.onChange(
        (before, after) -> {
          if (after != null && mine(after.textOrEmpty("spec", "nodeName"))) {
            loop.add(Meta.key(after));
          }
        });
    loop.start();
    renewal = Thread.ofVirtual().name("simulated-leases").start(this::renew);
  }

  private boolean mine(String node) {
    if (!node.startsWith(PREFIX)) {
      return false;
    }
    try {
      int number = Integer.parseInt(node.substring(PREFIX.length()));
      return number >= 1 && number <= count;
    } catch (NumberFormatException another) {
      return false;
    }
  }

  private void register(String name) {
    try {
      client.create(Resources.NODES, null, SimulatedObjects.node(name));
    } catch (ApiException refused) {
      if (!refused.alreadyExists()) {
        throw refused;
      }
    }
    lease(name);
    while (!published(name)) {
      Thread.onSpinWait();
    }
  }

  /** False where a controller wrote the new node in between. */
  private boolean published(String name) {
    Tree node = client.get(Resources.NODES, null, name).copy();
    node.put("status", SimulatedObjects.nodeStatus(name, clock.instant()));
    try {
      client.updateStatus(Resources.NODES, node);
      return true;
    } catch (ApiException refused) {
      if (!refused.conflict()) {
        throw refused;
      }
      return false;
    }
  }

  private void renew() {
    while (true) {
      try {
        Thread.sleep(RENEWAL); // the period of a heartbeat
        for (int i = 1; i <= count; i++) {
          lease(PREFIX + i);
        }
      } catch (InterruptedException closed) {
        return;
      } catch (ApiException later) {
        LOG.log(System.Logger.Level.WARNING, "leases: {0}", later.getMessage());
      }
    }
  }

  private void lease(String name) {
    Tree wanted = SimulatedObjects.lease(name, clock.instant());
    Tree known = client.find(Resources.LEASES, "kube-node-lease", name);
    if (known == null) {
      client.create(Resources.LEASES, "kube-node-lease", wanted);
    } else {
      Tree renewed = known.copy();
      renewed.put("spec", wanted.treeOrEmpty("spec"));
      client.update(Resources.LEASES, renewed);
    }
  }

  private @Nullable Duration reconcile(String key) {
    Tree pod = pods.get(key);
    if (pod == null) {
      return null;
    }
    try {
      if (Meta.terminating(pod)) {
        end(pod);
      } else if (pod.textOrEmpty("status", "phase").equals("Pending")) {
        Tree running = pod.copy();
        running.put("status", SimulatedObjects.podStatus(pod, address(), clock.instant()));
        client.updateStatus(Resources.PODS, running);
      }
    } catch (ApiException refused) {
      if (!refused.conflict() && !refused.notFound()) {
        throw refused;
      }
    }
    return null;
  }

  private void end(Tree pod) {
    Tree options =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "gracePeriodSeconds",
            0,
            "preconditions",
            Tree.of("uid", Meta.uid(pod)));
    client.delete(Resources.PODS, Meta.namespace(pod), Meta.name(pod), options);
  }

  /** Addresses from 10.254.0.1 on; they repeat after 65,000 pods. */
  private String address() {
    int number = 1 + Math.floorMod(addresses.getAndIncrement(), 65_000);
    return "10.254." + (number >> 8) + "." + (number & 255);
  }

  @Override
  public void close() {
    loop.close();
    Thread thread = renewal;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
