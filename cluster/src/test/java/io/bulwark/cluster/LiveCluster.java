package io.bulwark.cluster;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Query;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A whole control plane with simulated nodes, in memory; for tests that wait for its effects. */
public final class LiveCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final Main main;
  private final ApiClient client;

  public LiveCluster(int nodes) throws Exception {
    directory = Files.createTempDirectory("bulwark-live");
    main =
        new Main(
            ClusterConfiguration.of(directory, 0)
                .withAdvertiseAddress("127.0.0.1")
                .withNode("none", false)
                .withSimulatedNodes(nodes)
                .inMemory(),
            part -> {});
    main.start();
    main.awaitReady();
    client = main.client("admin", List.of("system:masters"));
  }

  public ApiClient client() {
    return client;
  }

  /** Where the API server listens, with TLS. */
  public URI server() {
    return URI.create("https://127.0.0.1:" + main.port());
  }

  /** A client with another identity. */
  public ApiClient client(String user, List<String> groups) {
    return main.client(user, groups);
  }

  /** Makes a namespace and waits until pods can be made in it. */
  public String namespace(String name) {
    client.create(
        Resources.NAMESPACES,
        null,
        Tree.of("apiVersion", "v1", "kind", "Namespace", "metadata", Tree.of("name", name)));
    await(
        "service account of " + name,
        () -> client.find(Resources.SERVICE_ACCOUNTS, name, "default") != null);
    return name;
  }

  public static Tree deployment(String namespace, String name, int replicas, String image) {
    return Tree.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        Tree.of("name", name, "namespace", namespace),
        "spec",
        Tree.of(
            "replicas", replicas,
            "selector", Tree.of("matchLabels", Tree.of("app", name)),
            "template",
                Tree.of(
                    "metadata", Tree.of("labels", Tree.of("app", name)),
                    "spec", podSpec(image))));
  }

  public static Tree podSpec(String image) {
    return Tree.of("containers", TreeList.of(Tree.of("name", "main", "image", image)));
  }

  public static Tree pod(String namespace, String name, Tree spec) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Tree.of("name", name, "namespace", namespace, "labels", Tree.of("app", name)),
        "spec",
        spec);
  }

  public List<Tree> list(Resource resource, String namespace) {
    return client.list(resource, namespace, Query.none()).trees("items");
  }

  /** Changes an object, again and again while others write it too. */
  public void change(
      Resource resource, String namespace, String name, java.util.function.Consumer<Tree> change) {
    await(
        "write of " + name,
        () -> {
          Tree object = client.get(resource, namespace, name).copy();
          change.accept(object);
          try {
            client.update(resource, object);
            return true;
          } catch (ApiException refused) {
            if (refused.conflict()) {
              return false;
            }
            throw refused;
          }
        });
  }

  public Tree await(Resource resource, String namespace, String name, Predicate<Tree> condition) {
    Tree[] last = {new Tree()};
    await(
        resource.kind() + " " + name + " in time",
        () -> {
          Tree object = client.find(resource, namespace, name);
          last[0] = object == null ? new Tree() : object;
          return condition.test(last[0]);
        },
        () -> last[0].toString());
    return last[0];
  }

  public static void await(String what, Supplier<Boolean> condition) {
    await(what, condition, () -> "");
  }

  private static void await(String what, Supplier<Boolean> condition, Supplier<String> state) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for " + what + ": " + state.get());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interrupted);
      }
    }
  }

  /** Whether an object is an Event on a name with that reason and message. */
  public boolean event(String namespace, String about, String reason, String message) {
    return list(Resources.EVENTS, namespace).stream()
        .anyMatch(
            event ->
                about.equals(event.text("involvedObject", "name"))
                    && reason.equals(event.text("reason"))
                    && event.textOrEmpty("message").startsWith(message));
  }

  public static boolean named(Tree object, String name) {
    return Meta.name(object).equals(name);
  }

  @Override
  public void close() throws IOException {
    main.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
