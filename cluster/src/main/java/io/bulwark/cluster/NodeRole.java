package io.bulwark.cluster;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.network.dns.DnsServer;
import io.bulwark.cluster.network.dns.MachineResolver;
import io.bulwark.cluster.network.hostport.HostPorts;
import io.bulwark.cluster.network.kernel.CommandKernel;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.network.kernel.LinkSize;
import io.bulwark.cluster.network.kernel.NodeNetwork;
import io.bulwark.cluster.network.overlay.Overlay;
import io.bulwark.cluster.network.pod.CniConfiguration;
import io.bulwark.cluster.network.service.NetworkRanges;
import io.bulwark.cluster.network.service.ServiceProxy;
import io.bulwark.cluster.node.NodeAgent;
import io.bulwark.cluster.node.agent.NodeConfiguration;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeContent;
import io.bulwark.cluster.node.server.ImageContents;
import io.bulwark.cluster.node.server.NodeServer;
import io.bulwark.cluster.node.software.SoftwareReporter;
import io.bulwark.cluster.platform.Component;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Everything that a machine with containers runs: runtime, agent, endpoint and network. */
final class NodeRole implements Component {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final int ENDPOINT_PORT = 10_250;
  private static final int PORT_TRIES = 100;
  private static final int PODS = 110;
  private static final Duration RANGE_LIMIT = Duration.ofSeconds(60);

  private final Settings settings;
  private final Access access;
  private final RuntimeRole runtimeRole;
  private final Consumer<String> progress;
  private final Parts parts = new Parts();

  /**
   * @param instance a short name for kernel objects of this cluster
   */
  record Settings(
      Path dataDirectory,
      String nodeName,
      String address,
      NetworkRanges ranges,
      String domain,
      String instance) {}

  /**
   * How the node reaches the cluster and the cluster reaches it.
   *
   * @param client acts as the node
   * @param informers of Services, EndpointSlices and Nodes
   * @param serving certificate of the node's endpoint; asked once the node is registered
   * @param clients whom the endpoint believes
   */
  record Access(
      ApiClient client, Informers informers, Serving serving, Supplier<X509TrustManager> clients) {}

  /** Gets the serving certificate, which for a joined node means ordering it. */
  interface Serving {
    Supplier<SslContext> obtain() throws Exception;
  }

  NodeRole(Settings settings, Access access, RuntimeRole runtimeRole, Consumer<String> progress) {
    this.settings = settings;
    this.access = access;
    this.runtimeRole = runtimeRole;
    this.progress = progress;
  }

  @Override
  public void start() throws Exception {
    Kernel kernel = new CommandKernel();
    NetworkRanges ranges = settings.ranges();
    String instance = settings.instance();
    progress.accept("network");
    new NodeNetwork(
            KernelNames.dnsLink(instance),
            ranges.dnsAddress(),
            ranges.services(),
            settings.address())
        .prepare(kernel);
    parts.start(
        new ServiceProxy(
            access.informers(), kernel, settings.nodeName(), KernelNames.table(instance), ranges));
    parts.start(
        new DnsServer(
            InetAddress.ofLiteral(ranges.dnsAddress()),
            53,
            settings.domain(),
            Path.of("/etc/resolv.conf"),
            access.informers()));
    progress.accept("container runtime");
    ContainerRuntime runtime = runtimeRole.runtime();
    int port = freePort();
    progress.accept("node agent");
    NodeAgent agent =
        parts.start(
            new NodeAgent(
                configuration(port),
                access.client(),
                runtime,
                new NodePorts(new HostPorts(kernel, KernelNames.hostPorts(instance))),
                CLOCK));
    String podRange = awaitPodRange();
    parts.start(
        new SoftwareReporter(
            access.client(),
            settings.nodeName(),
            Path.of("/"),
            this::nodeInfo,
            SoftwareReporter.Pace.USUAL,
            CLOCK));
    int mtu = LinkSize.ofPods(settings.address());
    new CniConfiguration(podRange, settings.dataDirectory().resolve("node/addresses"), mtu)
        .write(runtimeRole.networkConfigurations());
    parts.start(
        new Overlay(
            access.informers(),
            kernel,
            new Overlay.Settings(
                settings.nodeName(),
                settings.address(),
                podRange,
                KernelNames.tunnel(instance),
                1 + Math.floorMod(ranges.pods().hashCode(), 4_000_000),
                KernelNames.routes(instance),
                mtu)));
    NodeServer server =
        parts.start(
            new NodeServer(
                new NodeServer.Settings(
                    "0.0.0.0",
                    port,
                    settings.nodeName(),
                    access.serving().obtain(),
                    access.clients()),
                access.client(),
                agent.pods(),
                () -> metrics(agent),
                contents(runtime),
                CLOCK));
    agent.listensOn(server.port());
    runtimeRole.keep();
  }

  /** What the node itself reported of its versions; empty until it has. */
  private Tree nodeInfo() {
    Tree node = access.informers().of(Resources.NODES).get(null, settings.nodeName());
    return node == null ? new Tree() : node.treeOrEmpty("status", "nodeInfo");
  }

  private NodeConfiguration configuration(int port) {
    return new NodeConfiguration(
        settings.nodeName(),
        settings.dataDirectory().resolve("node"),
        List.of(settings.address()),
        List.of(settings.ranges().dnsAddress()),
        settings.domain(),
        port,
        PODS,
        Map.of(),
        List.of(),
        MachineResolver.forPods(Path.of("/")));
  }

  private static ImageContents contents(ContainerRuntime runtime) {
    return new ImageContents() {
      @Override
      public @Nullable String digest(String name) {
        RuntimeContent.Meaning meaning = runtime.content().find(name);
        return meaning == null ? null : meaning.digest();
      }

      @Override
      public InputStream open(String digest) {
        return runtime.content().open(digest);
      }
    };
  }

  private static String metrics(NodeAgent agent) {
    return "# HELP kubelet_running_pods Number of pods that have a running pod sandbox\n"
        + "# TYPE kubelet_running_pods gauge\nkubelet_running_pods "
        + agent.pods().pods().size()
        + "\n";
  }

  /**
   * The usual port, or the next one that is free now. The endpoint listens later, so another may
   * take it first: what it got in the end is told afterwards.
   */
  private static int freePort() throws IOException {
    for (int port = ENDPOINT_PORT; port < ENDPOINT_PORT + PORT_TRIES; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(port));
        return port;
      } catch (IOException taken) {
        // The next one may be free.
      }
    }
    throw new IOException(
        "no free port for the node's endpoint from %d on".formatted(ENDPOINT_PORT));
  }

  private String awaitPodRange() throws InterruptedException {
    Informer nodes = access.informers().of(Resources.NODES);
    CountDownLatch known = new CountDownLatch(1);
    nodes.onChange(
        (before, after) -> {
          if (range(nodes) != null) {
            known.countDown();
          }
        });
    if (range(nodes) == null) {
      known.await(RANGE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    String range = range(nodes);
    if (range == null) {
      throw new IllegalStateException(
          "node "
              + settings.nodeName()
              + " got no pod range within "
              + RANGE_LIMIT.toSeconds()
              + " s");
    }
    return range;
  }

  private @Nullable String range(Informer nodes) {
    Tree node = nodes.get(null, settings.nodeName());
    return node == null ? null : node.text("spec", "podCIDR");
  }

  /** Stops the agent and the endpoint; pods, rules and routes stay. */
  @Override
  public void close() {
    parts.close();
  }
}
