package io.bulwark.cluster.network.service;

import io.bulwark.api.meta.Resources;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.network.kernel.Coalescer;
import io.bulwark.cluster.network.kernel.Kernel;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the packet rules of this node as Services and EndpointSlices want them. The rules outlive
 * the process, so that traffic flows while it restarts.
 */
public final class ServiceProxy implements Component {
  /** How often the whole table is written again, in case something else changed it. */
  private static final Duration REPAIR = Duration.ofMinutes(10);

  private final Informer services;
  private final Informer slices;
  private final Kernel kernel;
  private final String nodeName;
  private final RulesetRendering rendering;
  private final Coalescer coalescer;
  private @Nullable Ruleset applied;
  private List<ServicePort> ports = List.of();

  public ServiceProxy(
      Informers informers, Kernel kernel, String nodeName, String table, NetworkRanges ranges) {
    this.services = informers.of(Resources.SERVICES);
    this.slices = informers.of(Resources.ENDPOINT_SLICES);
    this.kernel = kernel;
    this.nodeName = nodeName;
    this.rendering = new RulesetRendering(table, ranges);
    this.coalescer = new Coalescer("service-proxy", REPAIR, this::apply);
  }

  @Override
  public void start() {
    services.onChange((old, now) -> coalescer.wake());
    slices.onChange((old, now) -> coalescer.wake());
    coalescer.start();
    coalescer.wake();
  }

  private void apply() {
    if (!services.synced() || !slices.synced()) {
      throw new IllegalStateException("waiting for Services and EndpointSlices");
    }
    List<ServicePort> wanted = ServicePorts.of(services.list(), slices.list(), nodeName);
    Ruleset next = rendering.render(wanted);
    Ruleset before = applied;
    String script = before == null ? next.create() : next.changeFrom(before);
    if (!script.isEmpty()) {
      applied = null; // until the kernel has taken it: a failure leads to the whole table again
      kernel.run(List.of("nft", "-f", "-"), script);
    }
    applied = next;
    forgetFlows(ports, wanted);
    ports = wanted;
  }

  /** UDP has no connection that would break: flows to endpoints that are gone are forgotten. */
  private void forgetFlows(List<ServicePort> before, List<ServicePort> after) {
    Map<String, ServicePort> now = new HashMap<>();
    after.forEach(port -> now.put(port.name(), port));
    for (ServicePort old : before) {
      if (!old.protocol().equals("udp")) {
        continue;
      }
      ServicePort current = now.get(old.name());
      Set<ServicePort.Endpoint> gone = new HashSet<>(old.endpoints());
      boolean started = old.endpoints().isEmpty() && current != null;
      if (current != null) {
        current.endpoints().forEach(gone::remove);
        started &= !current.endpoints().isEmpty();
      }
      for (String address : old.addresses()) {
        for (ServicePort.Endpoint endpoint : gone) {
          forget(address, old.port(), List.of("--dst-nat", endpoint.address()));
        }
        if (started) {
          forget(address, old.port(), List.of());
        }
      }
    }
  }

  private void forget(String address, int port, List<String> more) {
    java.util.ArrayList<String> command =
        new java.util.ArrayList<>(
            List.of("conntrack", "-D", "-p", "udp", "-d", address, "--dport", "" + port));
    command.addAll(more);
    try {
      kernel.run(command, "");
    } catch (Kernel.Refused nothingToForget) {
      // conntrack ends with an error when no flow matches.
    }
  }

  /** Stops following changes; the rules stay. */
  @Override
  public void close() {
    coalescer.close();
  }
}
