package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their cluster addresses and node ports, each to one Service only. What is taken is
 * read from the store once, at the start, and kept in memory. Thread-safe.
 */
public final class ServiceAddresses implements Allocation {
  private static final GroupKind SERVICE = new GroupKind("", "Service");

  private final ServiceRanges ranges;
  private final Pool addresses;
  private final Pool ports;

  public ServiceAddresses(Store store, ServiceRanges ranges, RandomGenerator random) {
    this.ranges = ranges;
    int count = ranges.addresses();
    this.addresses = new Pool(count, Math.min(Math.max(16, count / 16), 256), random);
    this.ports = new Pool(ranges.ports(), Math.min(Math.max(16, ranges.ports() / 32), 128), random);
    try {
      for (Entry entry : store.range("/services/", "", 0, 0).entries()) {
        Tree service = Json.read(entry.value());
        addressesOf(service).forEach(this::takeAgain);
        portsOf(service).forEach(port -> ports.take(port - ranges.firstPort()));
      }
    } catch (Store.Compacted impossible) {
      throw new IllegalStateException("the newest revision is never compacted", impossible);
    }
  }

  static boolean concerns(Kind kind) {
    return kind.resource().groupResource().equals(Resources.SERVICES.groupResource());
  }

  private void takeAgain(String address) {
    int position = ranges.position(address);
    if (addresses.contains(position)) {
      addresses.take(position);
    }
  }

  @Override
  public synchronized Claim claim(Tree service, @Nullable Tree live, boolean dryRun) {
    Held held = new Held();
    try {
      Set<String> before = live == null ? Set.of() : addressesOf(live);
      Set<Integer> portsBefore = live == null ? Set.of() : portsOf(live);
      ServiceFamilies.fill(service, live);
      claimAddress(service, before, held);
      claimPorts(service, portsBefore, held);
      before.stream()
          .filter(address -> !addressesOf(service).contains(address))
          .forEach(held.oldAddresses::add);
      portsBefore.stream()
          .filter(port -> !portsOf(service).contains(port))
          .forEach(held.oldPorts::add);
      return held;
    } catch (RuntimeException refused) {
      held.undo();
      throw refused;
    }
  }

  private void claimAddress(Tree service, Set<String> before, Held held) {
    Tree spec = service.child("spec");
    if (!needsAddress(service)) {
      return;
    }
    String wanted = spec.textOrEmpty("clusterIP");
    if (wanted.isEmpty()) {
      int position = addresses.takeAny();
      if (position == Pool.FULL) {
        throw new Failure.InternalError("failed to allocate a serviceIP: range is full").rejected();
      }
      wanted = ranges.address(position);
      held.addresses.add(wanted);
    } else if (!before.contains(wanted)) {
      takeWanted(service, wanted);
      held.addresses.add(wanted);
    }
    spec.put("clusterIP", wanted);
    spec.put("clusterIPs", TreeList.of(wanted));
  }

  private void takeWanted(Tree service, String wanted) {
    String problem = "";
    int position = -1;
    try {
      position = ranges.position(wanted);
    } catch (IllegalArgumentException malformed) {
      problem = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    }
    if (problem.isEmpty() && !addresses.contains(position)) {
      problem =
          "failed to allocate IP "
              + wanted
              + ": the provided network does not match the current range";
    } else if (problem.isEmpty() && !addresses.take(position)) {
      problem = "failed to allocate IP " + wanted + ": provided IP is already allocated";
    }
    if (!problem.isEmpty()) {
      throw invalid(service, FieldError.invalid("spec.clusterIPs", TreeList.of(wanted), problem));
    }
  }

  private void claimPorts(Tree service, Set<Integer> before, Held held) {
    boolean needed = needsPorts(service);
    List<Tree> all = service.trees("spec", "ports");
    Set<Integer> own = new HashSet<>(before);
    for (int i = 0; i < all.size(); i++) {
      int wanted = (int) all.get(i).number(0, "nodePort");
      if (wanted != 0 && !own.contains(wanted)) {
        takePort(service, "spec.ports[" + i + "].nodePort", wanted);
        held.ports.add(wanted);
        own.add(wanted);
      }
    }
    for (Tree port : all) {
      if (needed && port.number(0, "nodePort") == 0) {
        port.put("nodePort", anyPort(held));
      }
    }
    Tree spec = service.child("spec");
    boolean health =
        service.textOrEmpty("spec", "type").equals("LoadBalancer")
            && service.textOrEmpty("spec", "externalTrafficPolicy").equals("Local");
    int wanted = (int) spec.number(0, "healthCheckNodePort");
    if (health && wanted == 0) {
      spec.put("healthCheckNodePort", anyPort(held));
    } else if (health && !own.contains(wanted)) {
      takePort(service, "spec.healthCheckNodePort", wanted);
      held.ports.add(wanted);
    }
  }

  private int anyPort(Held held) {
    int position = ports.takeAny();
    if (position == Pool.FULL) {
      throw new Failure.InternalError("failed to allocate a nodePort: range is full").rejected();
    }
    int port = position + ranges.firstPort();
    held.ports.add(port);
    return port;
  }

  private void takePort(Tree service, String field, int wanted) {
    int position = wanted - ranges.firstPort();
    if (!ports.contains(position)) {
      throw invalid(
          service,
          FieldError.invalid(
              field,
              wanted,
              "provided port is not in the valid range. The range of valid ports is "
                  + ranges.firstPort()
                  + "-"
                  + ranges.lastPort()));
    }
    if (!ports.take(position)) {
      throw invalid(
          service, FieldError.invalid(field, wanted, "provided port is already allocated"));
    }
  }

  private static RuntimeException invalid(Tree service, FieldError error) {
    return new Failure.Invalid(SERVICE, Meta.name(service), List.of(error)).rejected();
  }

  @Override
  public synchronized void release(Tree deleted) {
    addressesOf(deleted).forEach(this::giveAddress);
    portsOf(deleted).forEach(this::givePort);
  }

  private void giveAddress(String address) {
    int position = ranges.position(address);
    if (addresses.contains(position)) {
      addresses.give(position);
    }
  }

  private void givePort(int port) {
    int position = port - ranges.firstPort();
    if (ports.contains(position)) {
      ports.give(position);
    }
  }

  private static boolean needsAddress(Tree service) {
    return !service.textOrEmpty("spec", "type").equals("ExternalName")
        && !service.textOrEmpty("spec", "clusterIP").equals("None");
  }

  private static boolean needsPorts(Tree service) {
    String type = service.textOrEmpty("spec", "type");
    return type.equals("NodePort")
        || (type.equals("LoadBalancer")
            && !Boolean.FALSE.equals(service.at("spec", "allocateLoadBalancerNodePorts")));
  }

  private static Set<String> addressesOf(Tree service) {
    Set<String> all = new HashSet<>(service.texts("spec", "clusterIPs"));
    all.add(service.textOrEmpty("spec", "clusterIP"));
    all.remove("");
    all.remove("None");
    return all;
  }

  private static Set<Integer> portsOf(Tree service) {
    Set<Integer> all = new HashSet<>();
    for (Tree port : service.trees("spec", "ports")) {
      all.add((int) port.number(0, "nodePort"));
    }
    all.add((int) service.number(0, "spec", "healthCheckNodePort"));
    all.remove(0);
    return all;
  }

  private final class Held implements Claim {
    private final Set<String> addresses = new HashSet<>();
    private final Set<Integer> ports = new HashSet<>();
    private final Set<String> oldAddresses = new HashSet<>();
    private final Set<Integer> oldPorts = new HashSet<>();

    @Override
    public void keep() {
      synchronized (ServiceAddresses.this) {
        oldAddresses.forEach(ServiceAddresses.this::giveAddress);
        oldPorts.forEach(ServiceAddresses.this::givePort);
      }
    }

    @Override
    public void undo() {
      synchronized (ServiceAddresses.this) {
        addresses.forEach(ServiceAddresses.this::giveAddress);
        ports.forEach(ServiceAddresses.this::givePort);
      }
    }
  }
}
