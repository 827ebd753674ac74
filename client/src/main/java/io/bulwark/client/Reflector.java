package io.bulwark.client;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lists, then watches from the list's revision, for ever; feeds what it sees to a sink and keeps
 * nothing. For those who need less than an {@link Informer} caches.
 */
public final class Reflector implements Runnable, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Reflector.class.getName());

  /** Where the objects go, frozen and with apiVersion and kind; called from one thread. */
  public interface Sink {
    /** These are all objects there are; first after the start, and whenever a revision is gone. */
    void replace(List<Tree> objects);

    /** An object is new or changed; or it is gone, and this was its last state. */
    void changed(Tree object, boolean gone);
  }

  private final ApiClient client;
  private final Resource resource;
  private final @Nullable String namespace;
  private final Query query;
  private final Sink sink;
  private final String apiVersion;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
  private String revision = "";
  private volatile boolean closed;
  private volatile @Nullable Watch open;

  /**
   * @param namespace null for all namespaces
   */
  public Reflector(
      ApiClient client, Resource resource, @Nullable String namespace, Query query, Sink sink) {
    this.client = client;
    this.resource = resource;
    this.namespace = namespace;
    this.query = query;
    this.sink = sink;
    this.apiVersion = resource.groupVersion().toString();
  }

  /** Runs until {@link #close} or an interrupt. */
  @Override
  public void run() {
    while (!closed) {
      try {
        if (revision.isEmpty()) {
          list();
        }
        watch();
      } catch (ApiException refused) {
        if (closed) {
          return;
        }
        if (refused.expired() || refused.code() == 504) {
          revision = "";
        }
        Duration pause = backoff.next();
        LOG.log(
            System.Logger.Level.DEBUG,
            () -> resource.resource() + ": " + refused.getMessage() + "; again in " + pause);
        if (!sleep(pause)) {
          return;
        }
      }
    }
  }

  private void list() {
    Tree list = client.list(resource, namespace, query);
    List<Tree> items = list.trees("items");
    items.forEach(Tree::freeze);
    revision = list.textOrEmpty("metadata", "resourceVersion");
    sink.replace(items);
    backoff.reset();
  }

  private void watch() {
    long seconds = ThreadLocalRandom.current().nextLong(300, 600);
    Query watching =
        query
            .with("resourceVersion", revision)
            .with("allowWatchBookmarks", "true")
            .with("timeoutSeconds", Long.toString(seconds));
    long began = System.nanoTime();
    boolean any = false;
    try (Watch watch = client.watch(resource, namespace, watching)) {
      open = watch;
      if (closed) {
        return;
      }
      Watch.Event event;
      while ((event = watch.next()) != null) {
        take(event);
        any = true;
        backoff.reset();
      }
    } finally {
      open = null;
    }
    if (!any && System.nanoTime() - began < Duration.ofSeconds(1).toNanos() && !closed) {
      sleep(backoff.next());
    }
  }

  private void take(Watch.Event event) {
    Tree object = event.object();
    switch (event.type()) {
      case "ADDED", "MODIFIED" -> sink.changed(complete(object), false);
      case "DELETED" -> sink.changed(complete(object), true);
      default -> {}
    }
    String seen = Meta.resourceVersion(object);
    if (!seen.isEmpty()) {
      revision = seen;
    }
  }

  private Tree complete(Tree object) {
    object.put("apiVersion", apiVersion);
    object.put("kind", resource.kind());
    return object.freeze();
  }

  private static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause); // backs off from a server that refuses or is away
      return true;
    } catch (InterruptedException interrupted) {
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    Watch watch = open;
    if (watch != null) {
      watch.close();
    }
  }
}
