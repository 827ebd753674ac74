package io.bulwark.junit;

import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.Main;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running cluster. Objects live in memory and are gone when it is closed. Thread-safe.
 *
 * <p>Useful without JUnit as well: {@code try (Cluster cluster = Cluster.start(1)) { ... }}.
 */
public final class Cluster implements AutoCloseable {
  private final Path directory;
  private final Main main;
  private @Nullable KubernetesClient client;

  private Cluster(Path directory, Main main) {
    this.directory = directory;
    this.main = main;
  }

  /**
   * Starts a cluster on a free port of the loopback address and waits until it is ready.
   *
   * @param nodes how many simulated nodes it has; 0 for none
   * @throws IllegalStateException if it does not start
   */
  public static Cluster start(int nodes) {
    try {
      Path directory = Files.createTempDirectory("bulwark-test-");
      ClusterConfiguration configuration =
          ClusterConfiguration.of(directory, 0)
              .withAdvertiseAddress("127.0.0.1")
              .withNode("test", false)
              .withSimulatedNodes(nodes)
              .inMemory();
      Cluster cluster = new Cluster(directory, new Main(configuration, step -> {}));
      try {
        cluster.main.start();
        cluster.main.awaitReady();
        return cluster;
      } catch (Exception failed) {
        cluster.close();
        throw new IllegalStateException("the cluster did not start", failed);
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The administrator's kubeconfig; readable by this user only. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig/admin.conf");
  }

  /** Address of the API server, such as {@code https://127.0.0.1:40123}. */
  public String server() {
    return "https://127.0.0.1:" + main.port();
  }

  /** A client with all rights, made on first use and closed with the cluster. */
  public synchronized KubernetesClient client() {
    KubernetesClient made = client;
    if (made == null) {
      try {
        Config config = Config.fromKubeconfig(Files.readString(kubeconfig()));
        made = new KubernetesClientBuilder().withConfig(config).build();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      client = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    KubernetesClient made = client;
    if (made != null) {
      made.close();
      client = null;
    }
    main.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      // The temporary directory is the system's to clean.
    }
  }
}
