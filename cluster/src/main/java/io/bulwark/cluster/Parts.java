package io.bulwark.cluster;

import io.bulwark.cluster.platform.Component;
import java.util.ArrayDeque;
import java.util.Deque;

/** Components that were started, closed in reverse order. For one thread at a time. */
final class Parts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Parts.class.getName());

  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  /** Starts a component and remembers to close it. */
  synchronized <C extends Component> C start(C component) throws Exception {
    running.push(component);
    component.start();
    return component;
  }

  /** Remembers to close something that needs no start. */
  synchronized <C extends AutoCloseable> C keep(C resource) {
    running.push(resource);
    return resource;
  }

  @Override
  public synchronized void close() {
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (Exception stuck) {
        LOG.log(System.Logger.Level.WARNING, "closing " + part.getClass().getSimpleName(), stuck);
      }
    }
  }
}
