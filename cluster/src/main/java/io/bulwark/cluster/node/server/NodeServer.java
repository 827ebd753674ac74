package io.bulwark.cluster.node.server;

import io.bulwark.client.ApiClient;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.http.HttpServer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The HTTPS endpoint of a node, on port 10250 or the next one that is free. Thread-safe. */
public final class NodeServer implements Component {
  private static final int TRIES = 100;

  private final Settings settings;
  private final NodeRoutes routes;
  private volatile @Nullable HttpServer server;

  /**
   * @param address textual IP address to listen on
   * @param firstPort the port to try first; 0 for any free one
   * @param node name of the node
   * @param tls serving certificate, asked for each connection
   * @param clients trust in client certificates: those that the cluster's authority signed
   */
  public record Settings(
      String address,
      int firstPort,
      String node,
      Supplier<SslContext> tls,
      Supplier<X509TrustManager> clients) {}

  /**
   * @param api the node's own identity; must be allowed to create token and access reviews
   * @param metrics text in the Prometheus format
   */
  public NodeServer(
      Settings settings,
      ApiClient api,
      PodDirectory pods,
      Supplier<String> metrics,
      ImageContents images,
      InstantSource clock) {
    this.settings = settings;
    this.routes =
        new NodeRoutes(
            new NodeAccess(settings.node(), settings.clients(), api, clock),
            pods,
            metrics,
            images,
            clock);
  }

  @Override
  public void start() throws IOException {
    IOException taken = null;
    for (int i = 0; i < (settings.firstPort() == 0 ? 1 : TRIES); i++) {
      HttpServer attempt =
          new HttpServer(
              settings.address(), settings.firstPort() + i, settings.tls(), routes::handle);
      try {
        attempt.start();
        server = attempt;
        return;
      } catch (IOException inUse) {
        taken = inUse;
      }
    }
    throw taken == null ? new IOException("no port") : taken;
  }

  /** The port in use; only after {@link #start}. */
  public int port() {
    HttpServer started = server;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started.port();
  }

  @Override
  public void close() {
    HttpServer started = server;
    if (started != null) {
      started.close();
    }
  }
}
