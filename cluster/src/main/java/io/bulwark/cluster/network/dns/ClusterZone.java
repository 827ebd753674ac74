package io.bulwark.cluster.network.dns;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Informer;
import io.bulwark.client.Informers;
import io.bulwark.cluster.network.dns.DnsAnswer.Record;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers for the cluster's domain and for the reverse names of its addresses, straight from what
 * the informers hold. Thread-safe.
 *
 * <p>Source: the specification "Kubernetes DNS-Based Service Discovery", version 1.1.0.
 */
final class ClusterZone {
  private static final String REVERSE = ".in-addr.arpa";
  private static final String BY_ADDRESS = "dns-address";
  private static final String BY_SERVICE = "dns-service";

  private final String domain;
  private final Informer services;
  private final Informer slices;

  ClusterZone(String domain, Informers informers) {
    this.domain = domain;
    this.services = informers.of(Resources.SERVICES);
    this.slices = informers.of(Resources.ENDPOINT_SLICES);
    services.addIndex(BY_ADDRESS, service -> List.of(service.textOrEmpty("spec", "clusterIP")));
    slices.addIndex(
        BY_SERVICE,
        slice -> {
          String service = Meta.label(slice, "kubernetes.io/service-name");
          return service == null ? List.of() : List.of(Meta.namespace(slice) + "/" + service);
        });
    slices.addIndex(
        BY_ADDRESS,
        slice -> {
          List<String> addresses = new ArrayList<>();
          slice.trees("endpoints").forEach(e -> addresses.addAll(e.texts("addresses")));
          return addresses;
        });
  }

  String domain() {
    return domain;
  }

  boolean ready() {
    return services.synced() && slices.synced();
  }

  /** The answer, or null where the name is none of the cluster's. */
  @Nullable DnsAnswer answer(DnsQuestion question) {
    String name = question.name();
    if (name.equals(domain) || name.endsWith("." + domain)) {
      return select(own(name), name, question.type());
    }
    if (name.endsWith(REVERSE)) {
      return reverse(name, question.type());
    }
    return null;
  }

  private static DnsAnswer select(@Nullable List<Record> found, String name, int type) {
    if (found == null) {
      return DnsAnswer.empty(DnsAnswer.NO_SUCH_NAME);
    }
    List<Record> records = new ArrayList<>();
    List<Record> additional = new ArrayList<>();
    for (Record record : found) {
      if (!record.name().equals(name)) {
        additional.add(record);
      } else if (record.type() == type
          || type == DnsQuestion.ANY
          || record.type() == DnsQuestion.CNAME) {
        records.add(record);
      }
    }
    Collections.shuffle(records);
    return new DnsAnswer(
        DnsAnswer.NO_ERROR, records, type == DnsQuestion.SRV ? additional : List.of());
  }

  /** All records of a name (and addresses that they mention), or null where it does not exist. */
  private @Nullable List<Record> own(String name) {
    if (name.equals(domain) || name.equals("svc." + domain) || name.equals("pod." + domain)) {
      return List.of();
    }
    if (name.equals("dns-version." + domain)) {
      return List.of(DnsAnswer.text(name, "1.1.0"));
    }
    String[] labels = name.substring(0, name.length() - domain.length() - 1).split("\\.", -1);
    int last = labels.length - 1;
    if (labels[last].equals("pod")) {
      return last == 2 ? pod(name, labels[0]) : last == 1 ? List.of() : null;
    }
    if (!labels[last].equals("svc")) {
      return null;
    }
    return switch (last) {
      case 1 -> namespaceKnown(labels[0]) ? List.of() : null;
      case 2 -> service(name, labels[1], labels[0]);
      case 3 -> labels[0].startsWith("_") ? List.of() : host(name, labels[2], labels[1], labels[0]);
      case 4 -> port(name, labels[3], labels[2], labels[1], labels[0]);
      default -> null;
    };
  }

  private boolean namespaceKnown(String namespace) {
    return !services.list(namespace).isEmpty();
  }

  private static @Nullable List<Record> pod(String name, String dashed) {
    return dashed.matches("\\d{1,3}(-\\d{1,3}){3}")
        ? List.of(DnsAnswer.address(name, dashed.replace('-', '.')))
        : null;
  }

  private @Nullable List<Record> service(String name, String namespace, String service) {
    Tree found = services.get(namespace, service);
    if (found == null) {
      return null;
    }
    String target = found.textOrEmpty("spec", "externalName");
    if (found.textOrEmpty("spec", "type").equals("ExternalName")) {
      return List.of(DnsAnswer.target(name, DnsQuestion.CNAME, target));
    }
    List<Record> records = new ArrayList<>();
    if (!headless(found)) {
      records.add(DnsAnswer.address(name, found.textOrEmpty("spec", "clusterIP")));
      for (Tree port : found.trees("spec", "ports")) {
        records.add(DnsAnswer.service(name, 100, (int) port.number(0, "port"), name));
      }
      return records;
    }
    for (EndpointName endpoint : endpoints(namespace, service)) {
      records.add(DnsAnswer.address(name, endpoint.address()));
    }
    return records.isEmpty() ? null : records.stream().distinct().toList();
  }

  private @Nullable List<Record> host(String name, String namespace, String service, String host) {
    Tree found = services.get(namespace, service);
    if (found == null || !headless(found)) {
      return null;
    }
    List<Record> records = new ArrayList<>();
    for (EndpointName endpoint : endpoints(namespace, service)) {
      if (endpoint.host().equals(host)) {
        records.add(DnsAnswer.address(name, endpoint.address()));
      }
    }
    return records.isEmpty() ? null : records;
  }

  private @Nullable List<Record> port(
      String name, String namespace, String service, String protocol, String portName) {
    Tree found = services.get(namespace, service);
    if (found == null || !protocol.startsWith("_") || !portName.startsWith("_")) {
      return null;
    }
    String base = service + "." + namespace + ".svc." + domain;
    List<Record> records = new ArrayList<>();
    if (headless(found)) {
      for (EndpointName endpoint : endpoints(namespace, service)) {
        for (Tree port : endpoint.ports()) {
          if (matches(port, protocol, portName)) {
            String target = endpoint.host() + "." + base;
            records.add(DnsAnswer.service(name, 100, (int) port.number(0, "port"), target));
            records.add(DnsAnswer.address(target, endpoint.address()));
          }
        }
      }
    } else {
      for (Tree port : found.trees("spec", "ports")) {
        if (matches(port, protocol, portName)) {
          records.add(DnsAnswer.service(name, 100, (int) port.number(0, "port"), base));
          records.add(DnsAnswer.address(base, found.textOrEmpty("spec", "clusterIP")));
        }
      }
    }
    return records.isEmpty() ? null : records;
  }

  private static boolean matches(Tree port, String protocol, String portName) {
    return ("_" + port.textOrEmpty("name")).equals(portName)
        && ("_" + port.textOrEmpty("protocol").toLowerCase(Locale.ROOT)).equals(protocol);
  }

  private @Nullable DnsAnswer reverse(String name, int type) {
    String[] octets = name.substring(0, name.length() - REVERSE.length()).split("\\.", -1);
    if (octets.length != 4) {
      return null;
    }
    String address = octets[3] + "." + octets[2] + "." + octets[1] + "." + octets[0];
    List<Record> records = new ArrayList<>();
    for (Tree service : services.byIndex(BY_ADDRESS, address)) {
      String target = Meta.name(service) + "." + Meta.namespace(service) + ".svc." + domain;
      records.add(DnsAnswer.target(name, DnsQuestion.PTR, target));
    }
    for (Tree slice : slices.byIndex(BY_ADDRESS, address)) {
      String service = Meta.label(slice, "kubernetes.io/service-name");
      for (Tree endpoint : slice.trees("endpoints")) {
        if (service != null && endpoint.texts("addresses").contains(address)) {
          String host = host(endpoint, address);
          String target = host + "." + service + "." + Meta.namespace(slice) + ".svc." + domain;
          records.add(DnsAnswer.target(name, DnsQuestion.PTR, target));
        }
      }
    }
    return records.isEmpty() ? null : select(records, name, type);
  }

  private List<EndpointName> endpoints(String namespace, String service) {
    List<EndpointName> names = new ArrayList<>();
    Tree owner = services.get(namespace, service);
    boolean unready = owner != null && owner.flag("spec", "publishNotReadyAddresses");
    for (Tree slice : slices.byIndex(BY_SERVICE, namespace + "/" + service)) {
      if (!slice.textOrEmpty("addressType").equals("IPv4")) {
        continue;
      }
      for (Tree endpoint : slice.trees("endpoints")) {
        if (unready || !Boolean.FALSE.equals(endpoint.at("conditions", "ready"))) {
          for (String address : endpoint.texts("addresses")) {
            names.add(new EndpointName(host(endpoint, address), address, slice.trees("ports")));
          }
        }
      }
    }
    return names;
  }

  private static String host(Tree endpoint, String address) {
    String hostname = endpoint.text("hostname");
    return hostname != null ? hostname : address.replace('.', '-');
  }

  private static boolean headless(Tree service) {
    return service.textOrEmpty("spec", "clusterIP").equals("None");
  }

  private record EndpointName(String host, String address, List<Tree> ports) {}
}
