package io.bulwark.client;

import io.bulwark.api.meta.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The shared informers of a process: one for each resource and query, started on first use, so that
 * no object is cached twice. Thread-safe.
 */
public final class Informers implements AutoCloseable {
  private final ApiClient client;
  private final ConcurrentMap<Key, Informer> informers = new ConcurrentHashMap<>();

  /**
   * @param client whose identity may list and watch all that is asked for
   */
  public Informers(ApiClient client) {
    this.client = client;
  }

  /** The informer on every object of a resource, in all namespaces. */
  public Informer of(Resource resource) {
    return of(resource, Query.none());
  }

  /** The informer on the objects that a query selects, in all namespaces. */
  public Informer of(Resource resource, Query query) {
    Informer informer =
        informers.computeIfAbsent(
            new Key(resource, query), key -> new Informer(client, resource, null, query));
    informer.start();
    return informer;
  }

  /** Waits until all of these have their first list; false when the time is over. */
  public static boolean awaitSynced(List<Informer> informers, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Informer informer : informers) {
      long left = Math.max(0, end - System.nanoTime());
      if (!informer.awaitSynced(Duration.ofNanos(left))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    informers.values().forEach(Informer::close);
    informers.clear();
  }

  private record Key(Resource resource, Query query) {}
}
