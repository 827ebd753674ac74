package io.bulwark.cluster.node.software;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.assembly.HostSoftware;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the node's own NodeInventory soon after the start and again when the software has changed.
 */
public final class SoftwareReporter implements io.bulwark.cluster.platform.Component {
  private static final System.Logger LOG = System.getLogger(SoftwareReporter.class.getName());

  private final ApiClient client;
  private final String node;
  private final Path root;
  private final Supplier<Tree> nodeInfo;
  private final Pace pace;
  private final InstantSource clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  /**
   * @param first how long after the start to look first, so as not to delay pods
   * @param between how long to wait between two looks
   */
  public record Pace(Duration first, Duration between) {
    /** Five seconds, then every ten minutes. */
    public static final Pace USUAL = new Pace(Duration.ofSeconds(5), Duration.ofMinutes(10));
  }

  /**
   * @param client acts as the node
   * @param root of the machine's file system
   * @param nodeInfo the {@code nodeInfo} of the Node's status: kernel, runtime and agent
   */
  public SoftwareReporter(
      ApiClient client,
      String node,
      Path root,
      Supplier<Tree> nodeInfo,
      Pace pace,
      InstantSource clock) {
    this.client = client;
    this.node = node;
    this.root = root;
    this.nodeInfo = nodeInfo;
    this.pace = pace;
    this.clock = clock;
  }

  @Override
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("software").start(this::run);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      Duration wait = pace.first();
      while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        wait = pace.between();
        try {
          report();
        } catch (IOException | ApiException refused) {
          LOG.log(System.Logger.Level.WARNING, "node inventory: " + refused.getMessage());
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void report() throws IOException {
    Tree software = software(HostSoftware.read(root));
    Tree before = client.find(Resources.NODE_INVENTORIES, null, node);
    if (before == null) {
      client.create(Resources.NODE_INVENTORIES, null, stamped(software));
    } else if (!unstamped(before.treeOrEmpty("inventory")).equals(software)) {
      Tree changed = stamped(software);
      changed.child("metadata").put("resourceVersion", Meta.resourceVersion(before));
      client.update(Resources.NODE_INVENTORIES, changed);
    }
  }

  private static Tree unstamped(Tree inventory) {
    Tree copy = inventory.copy();
    copy.remove("reported");
    return copy;
  }

  private Tree stamped(Tree software) {
    Tree inventory = software.copy();
    inventory.put("reported", Timestamps.seconds(clock.instant()));
    return Tree.of(
        "apiVersion",
        "image.bulwark.io/v1alpha1",
        "kind",
        "NodeInventory",
        "metadata",
        Tree.of("name", node),
        "inventory",
        inventory);
  }

  private Tree software(HostSoftware host) {
    Tree info = nodeInfo.get();
    TreeList packages = new TreeList();
    host.packages().stream()
        .sorted(Comparator.comparing(Component::name).thenComparing(Component::version))
        .forEach(component -> packages.add(entry(component)));
    return Tree.of(
        "bulwark", info.textOrEmpty("kubeletVersion"),
        "containerRuntime", info.textOrEmpty("containerRuntimeVersion"),
        "kernel", info.textOrEmpty("kernelVersion"),
        "operatingSystem",
            Tree.of(
                "id", host.distribution().id(),
                "name", host.distribution().name(),
                "version", host.distribution().version()),
        "packages", packages);
  }

  private static Tree entry(Component component) {
    Tree entry = Tree.of("name", component.name(), "version", component.version());
    SourcePackage source = component.source();
    if (source != null && !source.name().equals(component.name())) {
      entry.put("source", source.name());
    }
    if (source != null && !source.version().equals(component.version())) {
      entry.put("sourceVersion", source.version());
    }
    return entry;
  }
}
