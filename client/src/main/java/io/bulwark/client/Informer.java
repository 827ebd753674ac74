package io.bulwark.client;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache of all objects of one resource that a query selects, kept current by list and watch.
 *
 * <p>Objects that it hands out are frozen and carry apiVersion and kind. Thread-safe. A connection
 * that breaks is resumed where it was; a revision that is gone leads to a new list.
 */
public final class Informer implements AutoCloseable {
  private final Resource resource;
  private final Cache cache = new Cache();
  private final List<ChangeHandler> handlers = new ArrayList<>();
  private final ReentrantLock delivery = new ReentrantLock();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final Reflector reflector;
  private @Nullable Thread thread;

  /**
   * @param namespace null for all namespaces
   * @param query selectors; revisions and watch options are the informer's own
   */
  public Informer(ApiClient client, Resource resource, @Nullable String namespace, Query query) {
    this.resource = resource;
    this.reflector = new Reflector(client, resource, namespace, query, new Changes());
  }

  /** Begins to list and watch on a virtual thread. Further calls do nothing. */
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("informer-" + resource.resource()).start(reflector);
    }
  }

  /** Ends the watch and waits for its thread. */
  @Override
  public void close() {
    reflector.close();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    running.interrupt();
    try {
      running.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  public Resource resource() {
    return resource;
  }

  /** Whether the first list has arrived and every handler has heard of it. */
  public boolean synced() {
    return synced.getCount() == 0;
  }

  /** Waits for the first list; false when the time is over. */
  public boolean awaitSynced(Duration limit) throws InterruptedException {
    return synced.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The cached object, or null. */
  public @Nullable Tree get(@Nullable String namespace, String name) {
    return cache.get(Cache.key(namespace, name));
  }

  /** The cached object by {@code namespace/name}, or by name where it has no namespace. */
  public @Nullable Tree get(String key) {
    return cache.get(key);
  }

  public List<Tree> list() {
    return cache.list();
  }

  public List<Tree> list(String namespace) {
    return cache.byIndex(Cache.NAMESPACE, namespace);
  }

  public int size() {
    return cache.size();
  }

  /**
   * Adds an index; objects already cached are indexed at once. A second call with the same name
   * does nothing, so that users of a shared informer need not agree on who is first.
   */
  public void addIndex(String name, Function<Tree, List<String>> values) {
    cache.addIndex(name, values);
  }

  /**
   * The objects for which the index gives this value.
   *
   * @throws IllegalArgumentException if there is no such index
   */
  public List<Tree> byIndex(String name, String value) {
    return cache.byIndex(name, value);
  }

  /** Adds a handler; it first hears of every object already cached. */
  public void onChange(ChangeHandler handler) {
    delivery.lock();
    try {
      handlers.add(handler);
      for (Tree object : cache.list()) {
        handler.changed(null, object);
      }
    } finally {
      delivery.unlock();
    }
  }

  private void tell(@Nullable Tree before, @Nullable Tree after) {
    for (ChangeHandler handler : handlers) {
      handler.changed(before, after);
    }
  }

  private final class Changes implements Reflector.Sink {
    @Override
    public void replace(List<Tree> objects) {
      delivery.lock();
      try {
        cache.replace(objects, Informer.this::tell);
      } finally {
        delivery.unlock();
      }
      synced.countDown();
    }

    @Override
    public void changed(Tree object, boolean gone) {
      delivery.lock();
      try {
        String key = Meta.key(object);
        Tree before = gone ? cache.remove(key) : cache.put(key, object);
        if (gone) {
          tell(object, null);
        } else {
          tell(before, object);
        }
      } finally {
        delivery.unlock();
      }
    }
  }
}
