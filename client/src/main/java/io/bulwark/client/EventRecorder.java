package io.bulwark.client;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes Events about objects, in the background: callers never wait, and an event that cannot be
 * written is dropped. Equal events raise the count of the first, and many that differ in their
 * message only become one. Thread-safe.
 *
 * <p>Source: the limits are those of client-go's event correlator.
 */
public final class EventRecorder implements AutoCloseable {
  public static final String NORMAL = "Normal";
  public static final String WARNING = "Warning";

  private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
  private static final int REMEMBERED = 4096;
  private static final int QUEUED = 1000;
  private static final int MESSAGE_LIMIT = 1024;

  private final ApiClient client;
  private final String component;
  private final @Nullable String host;
  private final InstantSource clock;
  private final ArrayBlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUED);
  private final Map<Item.Key, Written> written = bounded();
  private final Map<String, EventBudget> budgets = bounded();
  private final Map<Item.Key, EventAggregation> similar = bounded();
  private final AtomicLong sequence = new AtomicLong();
  private @Nullable Thread thread;
  private boolean closed;

  /**
   * @param component is named as the source of the events
   */
  public EventRecorder(ApiClient client, String component, InstantSource clock) {
    this(client, component, null, clock);
  }

  /**
   * @param component the source, such as {@code deployment-controller}
   * @param host the node that speaks, or null
   */
  public EventRecorder(
      ApiClient client, String component, @Nullable String host, InstantSource clock) {
    this.client = client;
    this.component = component;
    this.host = host;
    this.clock = clock;
  }

  /**
   * Records an event of type Normal.
   *
   * @param regarding the object, with kind, apiVersion and metadata; not changed
   * @param reason one word in CamelCase
   */
  public void normal(Tree regarding, String reason, String message) {
    event(reference(regarding), NORMAL, reason, message);
  }

  /** Records an event of type Warning; parameters as for {@link #normal}. */
  public void warning(Tree regarding, String reason, String message) {
    event(reference(regarding), WARNING, reason, message);
  }

  /**
   * Records an event.
   *
   * @param reference an ObjectReference: {@link #reference}
   * @param type {@link #NORMAL} or {@link #WARNING}
   */
  public void event(Tree reference, String type, String reason, String message) {
    Instant now = clock.instant();
    String text = message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT);
    synchronized (this) {
      if (closed) {
        return;
      }
      if (thread == null) {
        thread = Thread.ofVirtual().name("events-" + component).start(this::work);
      }
    }
    if (!queue.offer(new Item(reference.freeze(), type, reason, text, now))) {
      LOG.log(System.Logger.Level.DEBUG, () -> component + " dropped an event: " + text);
    }
  }

  /** The ObjectReference of an object that carries apiVersion and kind. */
  public static Tree reference(Tree object) {
    Tree reference =
        Tree.of(
            "apiVersion", object.textOrEmpty("apiVersion"),
            "kind", object.textOrEmpty("kind"),
            "name", Meta.name(object),
            "uid", Meta.uid(object));
    if (!Meta.namespace(object).isEmpty()) {
      reference.put("namespace", Meta.namespace(object));
    }
    if (!Meta.resourceVersion(object).isEmpty()) {
      reference.put("resourceVersion", Meta.resourceVersion(object));
    }
    return reference;
  }

  private void work() {
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Item told) {
    Item.Key alike = told.key("");
    EventAggregation aggregation = similar.computeIfAbsent(alike, _ -> new EventAggregation());
    boolean combined = aggregation.combines(told.message, told.time);
    Item item = combined ? told.saying(EventAggregation.PREFIX + told.message) : told;
    Tree about = item.reference;
    EventBudget budget =
        budgets.computeIfAbsent(
            about.textOrEmpty("uid") + "/" + about.textOrEmpty("name"),
            key -> new EventBudget(item.time));
    if (!budget.allows(item.time)) {
      return;
    }
    Item.Key key = combined ? alike : item.key(item.message);
    Written before = written.get(key);
    try {
      if (before != null && repeat(before, item)) {
        written.put(key, new Written(before.namespace, before.name, before.count + 1));
        return;
      }
      Tree event = event(item);
      client.create(Resources.EVENTS, Meta.namespace(event), event);
      written.put(key, new Written(Meta.namespace(event), Meta.name(event), 1));
    } catch (ApiException dropped) {
      written.remove(key);
    }
  }

  private boolean repeat(Written before, Item item) {
    Tree patch =
        Tree.of(
            "count",
            before.count + 1,
            "lastTimestamp",
            Timestamps.seconds(item.time),
            "message",
            item.message);
    try {
      client.patch(
          Resources.EVENTS,
          before.namespace,
          before.name,
          null,
          PatchType.STRATEGIC,
          patch,
          Query.none());
      return true;
    } catch (ApiException refused) {
      if (refused.notFound()) {
        return false;
      }
      throw refused;
    }
  }

  private Tree event(Item item) {
    Tree about = item.reference;
    String namespace = about.textOrEmpty("namespace");
    Tree source = Tree.of("component", component);
    if (host != null) {
      source.put("host", host);
    }
    long suffix = ChronoUnit.NANOS.between(Instant.EPOCH, item.time) + sequence.incrementAndGet();
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Event",
        "metadata",
        Tree.of(
            "name",
            about.textOrEmpty("name") + "." + Long.toHexString(suffix),
            "namespace",
            namespace.isEmpty() ? "default" : namespace),
        "involvedObject",
        about,
        "type",
        item.type,
        "reason",
        item.reason,
        "message",
        item.message,
        "source",
        source,
        "reportingComponent",
        component,
        "reportingInstance",
        host == null ? "" : host,
        "firstTimestamp",
        Timestamps.seconds(item.time),
        "lastTimestamp",
        Timestamps.seconds(item.time),
        "count",
        1);
  }

  /** Drops what is not yet written. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(5));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  private record Written(String namespace, String name, long count) {}

  private record Item(Tree reference, String type, String reason, String message, Instant time) {
    Item saying(String other) {
      return new Item(reference, type, reason, other, time);
    }

    /** What makes events equal; those that are told together have no message in their key. */
    Key key(String message) {
      return new Key(
          reference.textOrEmpty("uid"),
          reference.textOrEmpty("name"),
          reference.textOrEmpty("fieldPath"),
          type,
          reason,
          message);
    }

    private record Key(
        String uid, String name, String fieldPath, String type, String reason, String message) {}
  }
}
