package io.bulwark.cluster;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.node.simulated.SimulatedNodes;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.Trust;
import io.bulwark.cluster.scheduler.Scheduler;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A cluster in this process: its parts in the order in which they start. */
public final class Main implements Component {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final InstantSource CLOCK = InstantSource.system();

  private final ClusterConfiguration configuration;
  private final Consumer<String> progress;
  private final Parts parts = new Parts();
  private final ControlPlane controlPlane;

  /**
   * @param progress hears what is being started
   */
  public Main(ClusterConfiguration configuration, Consumer<String> progress) {
    this.configuration = configuration;
    this.progress = progress;
    this.controlPlane = new ControlPlane(configuration, progress);
  }

  @Override
  public void start() throws Exception {
    try {
      if (configuration.durable()) {
        configuration.keepRanges();
      }
      RuntimeRole runtime = new RuntimeRole(configuration.dataDirectory());
      if (configuration.node()) {
        parts.start(runtime);
      }
      parts.start(controlPlane);
      Informers informers = controlPlane.informers();
      parts.start(
          new Scheduler(
              controlPlane.client("system:kube-scheduler", List.of()),
              informers,
              CLOCK,
              new SecureRandom()));
      if (configuration.simulatedNodes() > 0) {
        progress.accept("simulated nodes");
        ApiClient simulation =
            controlPlane.client("system:simulated-nodes", List.of("system:masters"));
        parts.start(
            new SimulatedNodes(simulation, informers, configuration.simulatedNodes(), CLOCK));
      }
      if (configuration.node()) {
        ClusterFacts.publish(
            controlPlane.client("system:apiserver", List.of("system:masters")), configuration);
        node(informers, runtime);
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  private void node(Informers informers, RuntimeRole runtime) throws Exception {
    String name = configuration.nodeName();
    String address = configuration.advertiseAddress();
    Pki pki = controlPlane.pki();
    NodeRole.Access access =
        new NodeRole.Access(
            controlPlane.client("system:node:" + name, List.of("system:nodes")),
            informers,
            () ->
                new LiveTls(
                    pki.nodeServer(name, List.of(address)), () -> pki.authority().certificate()),
            () -> trust(pki));
    NodeRole.Settings settings =
        new NodeRole.Settings(
            configuration.dataDirectory(),
            name,
            address,
            configuration.ranges(),
            configuration.domain(),
            configuration.instance());
    parts.start(new NodeRole(settings, access, runtime, progress));
  }

  private static X509TrustManager trust(Pki pki) {
    try {
      return Trust.in(List.of(pki.authority().certificate()));
    } catch (GeneralSecurityException unusable) {
      throw new IllegalStateException(unusable);
    }
  }

  /**
   * Waits until every node of this process is ready.
   *
   * @throws IllegalStateException if that takes more than two minutes
   */
  public void awaitReady() throws InterruptedException {
    int wanted = configuration.simulatedNodes() + (configuration.node() ? 1 : 0);
    progress.accept("nodes");
    Informer nodes = controlPlane.informers().of(Resources.NODES);
    Set<String> ready = ConcurrentHashMap.newKeySet();
    CountDownLatch enough = new CountDownLatch(1);
    nodes.onChange(
        (before, after) -> {
          if (enough.getCount() > 0 && readyNow(ready, before, after) >= wanted) {
            enough.countDown();
          }
        });
    if (wanted > 0 && !enough.await(READY_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          ready.size()
              + " of "
              + wanted
              + " nodes are ready after "
              + READY_LIMIT.toSeconds()
              + " s");
    }
  }

  /** How many nodes are ready after a change of one; counting all at each would cost too much. */
  private static int readyNow(Set<String> ready, @Nullable Tree before, @Nullable Tree after) {
    if (after != null && ready(after)) {
      ready.add(Meta.name(after));
    } else if (after != null) {
      ready.remove(Meta.name(after));
    } else if (before != null) {
      ready.remove(Meta.name(before));
    }
    return ready.size();
  }

  private static boolean ready(Tree node) {
    return !Meta.terminating(node)
        && node.trees("status", "conditions").stream()
            .anyMatch(
                c ->
                    c.textOrEmpty("type").equals("Ready")
                        && c.textOrEmpty("status").equals("True"));
  }

  /** A client of this process's API server with an identity of its own, once started. */
  ApiClient client(String user, List<String> groups) {
    return controlPlane.client(user, groups);
  }

  /** Port of the API server, once started. */
  public int port() {
    return controlPlane.port();
  }

  /** Stops the process's own parts; containers keep running. */
  @Override
  public void close() {
    parts.close();
  }
}
