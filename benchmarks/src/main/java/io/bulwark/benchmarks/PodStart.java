package io.bulwark.benchmarks;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.HttpsTransport;
import io.bulwark.client.Informer;
import io.bulwark.client.Kubeconfig;
import io.bulwark.client.Query;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * From the creation of a pod to a watch that shows it Running, beside the time that the same
 * runtime takes for the same pod without a cluster; both in one run, in turn.
 *
 * <p>Usage: {@code PodStart KUBECONFIG ROOTFS SCRATCH}; the image {@value #IMAGE} must be on the
 * node.
 */
public final class PodStart {
  static final String IMAGE = "registry.bulwark.local/bench:1";
  private static final String NAMESPACE = "pod-start";

  private final ApiClient client;
  private final BareRuntime bare;
  private final Map<String, CountDownLatch> running = new ConcurrentHashMap<>();

  private PodStart(ApiClient client, BareRuntime bare) {
    this.client = client;
    this.bare = bare;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 3) {
      System.err.println("usage: PodStart KUBECONFIG ROOTFS SCRATCH");
      System.exit(2);
    }
    try (HttpsTransport transport = Kubeconfig.load(Path.of(arguments[0])).connect();
        BareRuntime bare = new BareRuntime(Path.of(arguments[2]), Path.of(arguments[1]), IMAGE)) {
      new PodStart(new ApiClient(transport), bare).run();
    }
    System.exit(0);
  }

  private void run() throws InterruptedException {
    client.create(
        Resources.NAMESPACES,
        null,
        Tree.of("apiVersion", "v1", "kind", "Namespace", "metadata", Tree.of("name", NAMESPACE)));
    TimeUnit.SECONDS.sleep(1); // the namespace's service account is made in the background
    try (Informer pods = new Informer(client, Resources.PODS, NAMESPACE, Query.none())) {
      pods.onChange(
          (before, after) -> {
            if (after != null && after.textOrEmpty("status", "phase").equals("Running")) {
              CountDownLatch latch = running.get(Meta.name(after));
              if (latch != null) {
                latch.countDown();
              }
            }
          });
      pods.start();
      pods.awaitSynced(Duration.ofSeconds(10));
      measure("warm-up", 3, 1, pods);
      measure("1", 15, 1, pods);
      measure("20", 60, 20, pods);
    }
    client.delete(Resources.NAMESPACES, null, NAMESPACE, null);
  }

  private void measure(String title, int count, int rate, Informer pods)
      throws InterruptedException {
    Pace alone = new Pace();
    alone.run(count, rate, i -> bare.startPod("p" + i));
    bare.removePods();
    Pace managed = new Pace();
    managed.run(count, rate, i -> startPod("p" + title + "-" + i));
    for (Tree pod : pods.list()) {
      client.delete(
          Resources.PODS,
          NAMESPACE,
          Meta.name(pod),
          Tree.of("apiVersion", "v1", "kind", "DeleteOptions", "gracePeriodSeconds", 0));
    }
    while (!pods.list().isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    if (!title.equals("warm-up")) {
      System.out.printf(
          "%s pods a second, %d pods: runtime alone median %.0f ms p90 %.0f ms; through the cluster"
              + " median %.0f ms p90 %.0f ms; difference of medians %.0f ms (budget 150)%n",
          title,
          count,
          alone.at(0.5),
          alone.at(0.9),
          managed.at(0.5),
          managed.at(0.9),
          managed.at(0.5) - alone.at(0.5));
    }
  }

  private void startPod(String name) {
    CountDownLatch latch = new CountDownLatch(1);
    running.put(name, latch);
    client.create(
        Resources.PODS,
        NAMESPACE,
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Tree.of("name", name),
            "spec",
            Tree.of(
                "containers",
                TreeList.of(Tree.of("name", "main", "image", IMAGE)),
                "automountServiceAccountToken",
                false)));
    try {
      latch.await(2, TimeUnit.MINUTES);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
