package io.bulwark.cluster.apiserver.watch;

import io.bulwark.cluster.apiserver.authn.WebSocketToken;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.Format;
import io.bulwark.cluster.apiserver.read.Freshness;
import io.bulwark.cluster.apiserver.read.ListOptions;
import io.bulwark.cluster.apiserver.read.Reads;
import io.bulwark.cluster.apiserver.read.WatchEvents;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;

/**
 * WATCH of stored objects. A watch holds no thread while it waits; each event is encoded once for
 * all watches that want it in the same form. Thread-safe.
 */
public final class Watches implements AutoCloseable {
  private final Store store;
  private final Settings settings;
  private final Freshness freshness;
  private final EventFrames frames = new EventFrames();
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * @param bookmarkEvery how often a watch that allows bookmarks gets one
   * @param shortestTimeout how long a watch lasts that names no timeout: this, or up to twice this
   * @param slowBytes the watch of a reader is ended when more than these wait to be sent to it
   * @param patience how long to wait for a revision that is still to come
   */
  public record Settings(
      Duration bookmarkEvery,
      Duration shortestTimeout,
      long slowBytes,
      Duration patience,
      RandomGenerator random) {
    /** Source: upstream's bookmark frequency of the watch cache and {@code min-request-timeout}. */
    public static Settings standard() {
      return new Settings(
          Duration.ofMinutes(1),
          Duration.ofMinutes(30),
          16L << 20,
          Freshness.PATIENCE,
          RandomGenerator.getDefault());
    }
  }

  public Watches(Store store) {
    this(store, Settings.standard());
  }

  public Watches(Store store, Settings settings) {
    this.store = store;
    this.settings = settings;
    this.freshness = new Freshness(store, settings.patience());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("watch-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Opens a watch of the objects that a request selects.
   *
   * @throws io.bulwark.api.failure.Rejected with 400, 406, 422 or 504
   */
  public Outgoing watch(Authorized request, Kind kind) {
    Encoding encoding = WatchEvents.supported(Encoding.negotiateWatch(request.incoming()), kind);
    ListOptions options = ListOptions.parse(request.incoming(), kind, true);
    if (options.initialEvents()) {
      freshness.await(options.revision());
    }
    String prefix = Reads.prefix(request.attributes(), kind);
    String type =
        encoding.format() == Format.JSON
            ? Format.JSON.mediaType()
            : encoding.format().mediaType() + ";stream=watch";
    Outgoing.Start start =
        sink -> {
          WatchStream stream =
              new WatchStream(
                  store, prefix, options, encoding, frames, sink, settings, open::remove);
          open.add(stream);
          stream.start(timer, timeout(options));
          return stream;
        };
    if (WebSocket.requested(request.incoming())) {
      boolean text = encoding.format() == Format.JSON;
      return WebSocket.accept(
          request.incoming(),
          protocol(request.incoming()),
          socket -> WatchSocket.run(socket, text, WatchSocket.PATIENCE, start));
    }
    return new Outgoing.Streaming(200, Map.of("content-type", type), start);
  }

  /** A watch has no channels, so that any protocol will do; browsers want the one they named. */
  private static String protocol(Incoming incoming) {
    String offered = incoming.header("sec-websocket-protocol");
    return offered == null
        ? ""
        : Arrays.stream(offered.split(",", -1))
            .map(String::strip)
            .filter(name -> !WebSocketToken.carries(name))
            .findFirst()
            .orElse("");
  }

  /** How many watches are open. */
  public int size() {
    return open.size();
  }

  private Duration timeout(ListOptions options) {
    if (options.timeoutSeconds() != 0) {
      return Duration.ofSeconds(Math.clamp(options.timeoutSeconds(), 0, Integer.MAX_VALUE));
    }
    long shortest = settings.shortestTimeout().toMillis();
    return Duration.ofMillis(shortest + settings.random().nextLong(shortest + 1));
  }

  /** Ends all watches. */
  @Override
  public void close() {
    timer.shutdownNow();
    open.forEach(WatchStream::finish);
  }
}
