package io.bulwark.cluster;

import io.bulwark.api.meta.Resources;
import io.bulwark.client.ApiClient;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informers;
import io.bulwark.cluster.apiserver.ApiServer;
import io.bulwark.cluster.apiserver.ApiServerSettings;
import io.bulwark.cluster.apiserver.ComponentAgent;
import io.bulwark.cluster.apiserver.registry.ServiceRanges;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.EmbeddedStore;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.apiserver.token.TokenKeys;
import io.bulwark.cluster.controller.ControllerName;
import io.bulwark.cluster.controller.Controllers;
import io.bulwark.cluster.controller.ControllersConfiguration;
import io.bulwark.cluster.controller.certificates.CertificateController;
import io.bulwark.cluster.controller.image.ImageController;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.serviceaccount.TokenSecrets;
import io.bulwark.cluster.image.inspect.Inspector;
import io.bulwark.cluster.image.inspect.LiveDatabase;
import io.bulwark.cluster.image.inspect.LiveReaders;
import io.bulwark.cluster.image.inspect.ReportDocuments;
import io.bulwark.cluster.image.inventory.assembly.LayerCache;
import io.bulwark.cluster.image.signature.Cosign;
import io.bulwark.cluster.image.vulnerability.VulnerabilityDatabase;
import io.bulwark.cluster.image.vulnerability.feed.Subscriptions;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.http.HttpServer;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Store, API server, controllers and scheduler of this process. */
final class ControlPlane implements Component {
  private static final List<String> CONTROLLER_GROUPS =
      List.of("system:serviceaccounts", "system:serviceaccounts:kube-system");
  private static final int MOST_LAYERS = 4_000;
  private static final InstantSource CLOCK = InstantSource.system();

  private final ClusterConfiguration configuration;
  private final Consumer<String> progress;
  private final Parts parts = new Parts();
  private volatile @Nullable ApiServer server;
  private @Nullable Pki pki;
  private @Nullable HttpServer http;
  private @Nullable Informers informers;

  ControlPlane(ClusterConfiguration configuration, Consumer<String> progress) {
    this.configuration = configuration;
    this.progress = progress;
  }

  @Override
  public void start() throws Exception {
    Path directory = configuration.dataDirectory();
    progress.accept("keys and certificates");
    Pki keys =
        parts.start(
            Pki.begin(
                directory.resolve("pki"),
                new ServerNames(
                    configuration.domain(),
                    List.of(configuration.nodeName()),
                    List.of(configuration.advertiseAddress(), configuration.apiServiceAddress())),
                CLOCK));
    pki = keys;
    HttpServer listener =
        parts.start(
            new HttpServer(
                configuration.listenAddress(),
                configuration.port(),
                new LiveTls(keys.server(), () -> keys.authority().certificate()),
                incoming -> {
                  ApiServer ready = server;
                  return ready == null ? starting() : ready.handle(incoming);
                }));
    http = listener;
    progress.accept("store");
    Store store = parts.keep(store(directory));
    progress.accept("API server");
    ApiServerSettings settings =
        new ApiServerSettings(
            CLOCK,
            new SecureRandom(),
            configuration.advertiseAddress(),
            listener.port(),
            ServiceRanges.of(configuration.ranges().services()));
    ApiServer made = parts.keep(Assembly.apiServer(store, keys, configuration, settings, parts));
    server = made;
    made.start();
    AdministratorAccess.write(configuration, keys, listener.port());
    keys.onRenewal(() -> AdministratorAccess.rewrite(configuration, keys, listener.port()));
    keys.tokenKeys(); // a key that cannot be read or made is a failure of the start
    progress.accept("controllers");
    controllers(made, keys);
  }

  private Store store(Path directory) throws Exception {
    return configuration.durable()
        ? EmbeddedStore.open(
            directory.resolve("store"),
            EmbeddedStore.Options.encrypting(CLOCK, directory.resolve("pki/encryption.key")))
        : new InMemory(CLOCK);
  }

  private void controllers(ApiServer api, Pki keys) throws Exception {
    Informers shared =
        parts.keep(new Informers(component(api, "system:kube-controller-manager", List.of())));
    informers = shared;
    ControllersConfiguration settings =
        ControllersConfiguration.defaults(() -> keys.authority().pem())
            .withPodRange(configuration.ranges().pods())
            .withSelection(configuration.controllers());
    parts.start(new Controllers(name -> controller(api, name), shared, settings));
    if (configuration.controllers().runs(ControllerName.SERVICE_ACCOUNT_TOKEN)) {
      ApiClient client = component(api, TokenSecrets.USER, List.of());
      parts.start(
          new TokenSecrets(
              new ControllerContext(
                  client, shared, new EventRecorder(client, TokenSecrets.USER, CLOCK), CLOCK),
              () -> keys.authority().pem(),
              new TokenKeys(keys::tokenKeys)::sign));
    }
    if (configuration.node() && configuration.controllers().runs(ControllerName.IMAGE)) {
      images(api, shared, keys);
    }
    if (!configuration.vulnerabilitySources().isEmpty()) {
      parts.start(
          new Subscriptions(
              configuration.vulnerabilitySources(),
              VulnerabilityDatabase.below(configuration.dataDirectory()),
              CLOCK));
    }
    if (!configuration.controllers().runs(ControllerName.CERTIFICATE_SIGNING)) {
      return;
    }
    ApiClient signer = controller(api, CertificateController.NAME);
    parts.start(
        new CertificateController(
            new ControllerContext(
                signer,
                shared,
                new EventRecorder(signer, CertificateController.NAME, CLOCK),
                CLOCK),
            keys.authority()));
  }

  private void images(ApiServer api, Informers shared, Pki keys) throws Exception {
    Path directory = configuration.dataDirectory();
    ApiClient client = controller(api, ImageController.NAME);
    LiveDatabase data = parts.keep(new LiveDatabase(VulnerabilityDatabase.below(directory)));
    Path layers = directory.resolve("images/layers");
    ImageController controller =
        new ImageController(
            new ControllerContext(
                client, shared, new EventRecorder(client, ImageController.NAME, CLOCK), CLOCK),
            new Inspector(
                new ClusterImages(
                    directory,
                    new RemoteStores(
                        () -> shared.of(Resources.NODES).list(), () -> Assembly.nodeTrust(keys))),
                new LiveReaders(variant -> new LayerCache(layers, MOST_LAYERS, variant), data),
                data,
                new Cosign(CLOCK)),
            new ReportDocuments(directory.resolve("images/documents")),
            ApiServer.VERSION);
    api.show(controller);
    parts.start(controller);
  }

  private static ApiClient controller(ApiServer api, String name) {
    return component(api, "system:serviceaccount:kube-system:" + name, CONTROLLER_GROUPS);
  }

  private static ApiClient component(ApiServer api, String user, List<String> groups) {
    return new ApiClient(api.componentTransport(user, groups), ComponentAgent.of(user));
  }

  private static Outgoing starting() {
    return Outgoing.Complete.of(503, "text/plain", "starting\n".getBytes(StandardCharsets.UTF_8));
  }

  /** A client of this process's API server with an identity of its own. */
  ApiClient client(String user, List<String> groups) {
    return component(started(server), user, groups);
  }

  Pki pki() {
    return started(pki);
  }

  Informers informers() {
    return started(informers);
  }

  int port() {
    return started(http).port();
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the control plane is not started");
    }
    return part;
  }

  @Override
  public void close() {
    parts.close();
  }
}
