package io.bulwark.cluster.node.server;

import io.bulwark.api.tree.Tree;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the node endpoint asks of the node agent. Thread-safe; methods may block, they are called on
 * virtual threads.
 */
public interface PodDirectory {
  /**
   * The pods of this node, frozen, each with its spec and the newest status that the node knows.
   */
  List<Tree> pods();

  /** One of {@link #pods}, or null. */
  default @Nullable Tree pod(String namespace, String name) {
    for (Tree pod : pods()) {
      if (pod.textOrEmpty("metadata", "name").equals(name)
          && pod.textOrEmpty("metadata", "namespace").equals(namespace)) {
        return pod;
      }
    }
    return null;
  }

  /**
   * The log of a container's newest instance, or of the one before that; null where there is no
   * such instance. The file need not exist yet.
   */
  @Nullable Log log(Tree pod, String container, boolean previous);

  /**
   * Where the runtime serves a command in a running container: the URL that CRI's {@code Exec}
   * gives, on loopback.
   *
   * @throws NotRunning if no such container runs
   * @throws java.io.IOException if the runtime refuses or cannot be reached
   */
  URI exec(Tree pod, String container, List<String> command, Streams streams)
      throws NotRunning, java.io.IOException;

  /** As {@link #exec}, for CRI's {@code Attach}. */
  URI attach(Tree pod, String container, Streams streams) throws NotRunning, java.io.IOException;

  /** As {@link #exec}, for CRI's {@code PortForward} into the pod's sandbox. */
  URI portForward(Tree pod, List<Integer> ports) throws NotRunning, java.io.IOException;

  /** The {@code stats/v1alpha1 Summary} of the node and its pods. */
  Tree summary();

  /**
   * @param file in CRI's log format; another file takes its place when it is rotated
   * @param running whether the instance that writes it still runs
   */
  record Log(Path file, BooleanSupplier running) {}

  /** Which streams a client wants; with a terminal there is no stderr. */
  record Streams(boolean stdin, boolean stdout, boolean stderr, boolean terminal) {}

  /** There is no running container or sandbox of that name. */
  final class NotRunning extends Exception {
    private static final long serialVersionUID = 1;

    public NotRunning(String message) {
      super(message, null, false, false);
    }
  }
}
