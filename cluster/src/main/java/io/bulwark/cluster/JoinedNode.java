package io.bulwark.cluster;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.HttpsTransport;
import io.bulwark.client.Informers;
import io.bulwark.cluster.apiserver.ComponentAgent;
import io.bulwark.cluster.join.NodeCertificates;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.tls.Trust;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of a cluster whose control plane runs on another machine. */
public final class JoinedNode implements Component {
  private static final InstantSource CLOCK = InstantSource.system();

  private final Settings settings;
  private final Consumer<String> progress;
  private final Parts parts = new Parts();

  /**
   * @param server of the API
   * @param token needed the first time
   * @param authorityHash refuses every other authority; null to trust the first one met
   */
  public record Settings(
      Path dataDirectory,
      URI server,
      String nodeName,
      @Nullable String token,
      @Nullable String authorityHash) {
    /** Never shows the token. */
    @Override
    public String toString() {
      return nodeName + " of " + server;
    }
  }

  public JoinedNode(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  @Override
  public void start() throws Exception {
    try {
      RuntimeRole runtime = parts.start(new RuntimeRole(settings.dataDirectory()));
      progress.accept("certificates");
      String address = ownAddress();
      NodeCertificates certificates =
          parts.start(
              NodeCertificates.obtain(
                  settings.dataDirectory().resolve("pki"),
                  settings.server(),
                  new NodeCertificates.Node(settings.nodeName(), address),
                  settings.token(),
                  settings.authorityHash(),
                  CLOCK));
      ApiClient client =
          new ApiClient(
              parts.keep(
                  new HttpsTransport(settings.server(), certificates.clientContext(), () -> null)),
              ComponentAgent.of("system:node:" + settings.nodeName()));
      Tree network = client.get(Resources.CONFIG_MAPS, "kube-public", ClusterFacts.NAME);
      Informers informers = parts.keep(new Informers(client));
      NodeRole.Settings role =
          new NodeRole.Settings(
              settings.dataDirectory(),
              settings.nodeName(),
              address,
              ClusterFacts.ranges(network),
              ClusterFacts.domain(network),
              ClusterConfiguration.instance(settings.dataDirectory()));
      parts.start(
          new NodeRole(
              role,
              new NodeRole.Access(
                  client,
                  informers,
                  () -> new LiveTls(certificates.serving(client), certificates::authority),
                  () -> trust(certificates)),
              runtime,
              progress));
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  private static javax.net.ssl.X509TrustManager trust(NodeCertificates certificates) {
    try {
      return Trust.in(List.of(certificates.authority()));
    } catch (GeneralSecurityException unusable) {
      throw new IllegalStateException(unusable);
    }
  }

  /** The address from which this machine reaches the API server. */
  private String ownAddress() throws SocketException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(
          new InetSocketAddress(settings.server().getHost(), settings.server().getPort()));
      return socket.getLocalAddress().getHostAddress();
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
