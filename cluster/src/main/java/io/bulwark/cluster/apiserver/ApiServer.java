package io.bulwark.cluster.apiserver;

import io.bulwark.client.ApiClient;
import io.bulwark.client.Transport;
import io.bulwark.cluster.apiserver.decode.Bodies;
import io.bulwark.cluster.apiserver.decode.Defaults;
import io.bulwark.cluster.apiserver.decode.ManagedFields;
import io.bulwark.cluster.apiserver.decode.Patches;
import io.bulwark.cluster.apiserver.decode.SchemaShapes;
import io.bulwark.cluster.apiserver.decode.Shapes;
import io.bulwark.cluster.apiserver.discovery.Discovery;
import io.bulwark.cluster.apiserver.flow.Flow;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.read.Reads;
import io.bulwark.cluster.apiserver.registry.Registry;
import io.bulwark.cluster.apiserver.registry.ServiceAddresses;
import io.bulwark.cluster.apiserver.registry.Stages;
import io.bulwark.cluster.apiserver.review.AccessReviews;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.stream.NodeDialer;
import io.bulwark.cluster.apiserver.stream.PodStreams;
import io.bulwark.cluster.apiserver.validate.Validator;
import io.bulwark.cluster.apiserver.watch.Watches;
import io.bulwark.cluster.image.inspect.ImageFacts;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Puts the stages of the API server together. Thread-safe. */
public final class ApiServer implements Component {
  /** Which API is served, and by what. */
  public static final String VERSION = "v1.36.0+bulwark.0.1.0";

  private final ApiServerSettings settings;
  private final Kinds kinds;
  private final Watches watches;
  private final RequestPath requestPath;
  private final AtomicReference<@Nullable ImageFacts> images = new AtomicReference<>();
  private volatile boolean bootstrapped;
  private volatile boolean closing;

  /**
   * @param store stays open when this is closed
   * @param nodes reaches the endpoints of nodes, for logs and terminals
   */
  public ApiServer(Store store, Security security, NodeDialer nodes, ApiServerSettings settings) {
    this.settings = settings;
    kinds = Kinds.builtIn(settings.clock());
    watches = new Watches(store);
    Stages stages = stages(security, settings);
    Registry registry =
        new Registry(
            store,
            kinds,
            stages,
            new ServiceAddresses(store, settings.services(), settings.random()),
            settings.clock(),
            settings.random());
    Discovery discovery = new Discovery(kinds, VERSION);
    RequestMetrics metrics = new RequestMetrics(images);
    Tokens tokens = security.tokens();
    Route reviews =
        new ReviewRoute(
            kinds, stages, new AccessReviews(security.authorization(), settings.clock()), tokens);
    Route streams =
        new StreamRoute(
            kinds,
            security.admission(),
            new PodStreams(new StoredStreamObjects(new StoredObjects(store)), nodes));
    requestPath =
        new RequestPath(
            security.authentication(),
            new Flow(),
            security.authorization(),
            metrics,
            new Auditing(security.audit(), settings.clock()),
            List.of(
                health(store),
                metrics,
                (request, info, notes) -> discovery.answer(request.incoming()),
                new OpenIdRoute(tokens.documents())),
            new ObjectRoute(
                kinds,
                new Reads(store),
                watches,
                registry,
                List.of(streams, reviews, new ImageRoute(images))));
  }

  private static Stages stages(Security security, ApiServerSettings settings) {
    Shapes shapes = new SchemaShapes();
    return new Stages(
        new Bodies(shapes),
        new Defaults(shapes),
        new Patches(shapes),
        new ManagedFields(shapes, settings.clock()),
        security.admission(),
        new Validator(shapes),
        security.authorization());
  }

  private Health health(Store store) {
    return new Health(
        List.of(
            new Health.Check("ping", false, () -> true),
            new Health.Check("log", false, () -> true),
            new Health.Check("etcd", false, () -> store.revision() > 0),
            new Health.Check("poststarthook/rbac/bootstrap-roles", false, () -> bootstrapped),
            new Health.Check("shutdown", true, () -> !closing)));
  }

  /** Makes what every cluster has: namespaces, roles, the {@code kubernetes} Service. */
  @Override
  public void start() throws InterruptedException {
    new Bootstrap(
            new ApiClient(
                componentTransport("system:apiserver", List.of("system:masters")),
                ComponentAgent.of("system:apiserver")),
            settings)
        .run();
    bootstrapped = true;
  }

  /** Shows what is known of images in the metrics, and documents about them. */
  public void show(ImageFacts facts) {
    images.set(facts);
  }

  /** Answers any request; never throws. Blocks: call it on a virtual thread. */
  public Outgoing handle(Incoming incoming) {
    return requestPath.handle(incoming);
  }

  /** The way into this server for a component of the same process, with an identity of its own. */
  public Transport componentTransport(String user, List<String> groups) {
    return new InProcessTransport(this::handle, new Credentials.Component(user, groups));
  }

  public Kinds kinds() {
    return kinds;
  }

  /** Ends all watches. */
  @Override
  public void close() {
    closing = true;
    watches.close();
  }
}
