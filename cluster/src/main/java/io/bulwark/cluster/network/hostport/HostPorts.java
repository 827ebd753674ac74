package io.bulwark.cluster.network.hostport;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.network.service.Ruleset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the packet rules for host ports of this node's pods. The rules outlive the process. Every
 * method blocks until the kernel has what it says. Thread-safe.
 */
public final class HostPorts {
  private static final System.Logger LOG = System.getLogger(HostPorts.class.getName());

  private final Kernel kernel;
  private final String table;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Map<String, List<HostPort>> pods = new TreeMap<>();
  private @Nullable Ruleset applied;

  /**
   * @param table name of an nftables table of our own
   */
  public HostPorts(Kernel kernel, String table) {
    this.kernel = kernel;
    this.table = table;
  }

  /**
   * Takes over the pods that were there before, apart from those that were closed meanwhile, and
   * forgets the ports of all others; opening waits for it.
   */
  public synchronized void begin(Collection<Tree> present) {
    for (Tree pod : present) {
      String phase = pod.textOrEmpty("status", "phase");
      List<HostPort> ports = HostPort.of(pod, pod.textOrEmpty("status", "podIP"));
      if (!ports.isEmpty() && !phase.equals("Succeeded") && !phase.equals("Failed")) {
        pods.putIfAbsent(Meta.uid(pod), ports);
      }
    }
    pods.values().removeIf(List::isEmpty);
    try {
      if (pods.isEmpty()) {
        kernel.run(
            List.of("nft", "-f", "-"),
            "add table ip %1$s\ndelete table ip %1$s\n".formatted(table));
      } else {
        apply();
      }
    } catch (Kernel.Refused refused) {
      // The next change brings the whole table again.
      LOG.log(System.Logger.Level.WARNING, "host ports: {0}", refused.getMessage());
    } finally {
      begun.countDown();
    }
  }

  /**
   * Opens the ports that a pod asks for, instead of those that it had.
   *
   * @throws Kernel.Refused if the kernel does not take them
   */
  public void open(Tree pod, String address) throws InterruptedException {
    List<HostPort> ports = HostPort.of(pod, address);
    if (!ports.isEmpty()) {
      begun.await();
      set(Meta.uid(pod), ports);
      routeLoopback(address);
    }
  }

  private synchronized void set(String uid, List<HostPort> ports) {
    if (!ports.equals(pods.put(uid, ports)) || applied == null) {
      apply();
      ports.forEach(this::forgetFlows);
    }
  }

  /** Closes the ports of a pod that has ended. */
  public synchronized void close(String uid) {
    if (begun.getCount() > 0) {
      pods.put(uid, List.of());
      return;
    }
    List<HostPort> ports = pods.remove(uid);
    if (ports != null) {
      try {
        apply();
      } catch (Kernel.Refused refused) {
        pods.put(uid, ports); // for the next attempt
        throw refused;
      }
      ports.forEach(this::forgetFlows);
    }
  }

  private void apply() {
    List<HostPort> all = new ArrayList<>();
    pods.values().forEach(all::addAll);
    Ruleset next = HostPortRendering.render(table, all);
    Ruleset before = applied;
    String script = before == null ? next.create() : next.changeFrom(before);
    applied = null; // until the kernel has taken it: a failure leads to the whole table again
    if (!script.isEmpty()) {
      kernel.run(List.of("nft", "-f", "-"), script);
    }
    applied = next;
  }

  /** UDP has no connection that would break. */
  private void forgetFlows(HostPort port) {
    if (port.protocol().equals("udp")) {
      try {
        kernel.run(
            List.of("conntrack", "-D", "-p", "udp", "--dport", Integer.toString(port.hostPort())),
            "");
      } catch (Kernel.Refused nothingToForget) {
        // conntrack ends with an error when no flow matches.
      }
    }
  }

  /** Lets what comes from 127.0.0.1 leave by the pod's link, and its answers come back. */
  private void routeLoopback(String address) {
    String[] words = kernel.run(List.of("ip", "-o", "route", "get", address), "").split("\\s+", -1);
    for (int i = 0; i + 1 < words.length; i++) {
      if (words[i].equals("dev")) {
        Path setting = Path.of("/proc/sys/net/ipv4/conf", words[i + 1], "route_localnet");
        try {
          Files.writeString(setting, "1\n");
        } catch (IOException refused) {
          throw new Kernel.Refused(setting + ": " + refused.getMessage());
        }
        return;
      }
    }
  }
}
