package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import java.util.List;

/** Endpoint slices. */
final class EndpointSliceRules implements Rules {
  private static final int ENDPOINTS = 1000;
  private static final int ADDRESSES = 100;
  private static final int PORTS = 20_000;

  @Override
  public void check(Tree object, Checks checks) {
    checks.oneOf(object, "addressType", "", "FQDN", "IPv4", "IPv6");
    List<Tree> endpoints = object.trees("endpoints");
    atMost(endpoints.size(), ENDPOINTS, "endpoints", checks);
    for (int i = 0; i < endpoints.size(); i++) {
      addresses(
          endpoints.get(i).texts("addresses"),
          object.textOrEmpty("addressType"),
          "endpoints[" + i + "].addresses",
          checks);
    }
    List<Tree> ports = object.trees("ports");
    atMost(ports.size(), PORTS, "ports", checks);
    Checks.Unique names = checks.new Unique();
    for (int i = 0; i < ports.size(); i++) {
      String name = ports.get(i).textOrEmpty("name");
      if (!name.isEmpty()) {
        checks.syntax("ports[" + i + "].name", name, Syntax.label(name));
      }
      names.add("ports[" + i + "].name", name);
    }
  }

  private static void addresses(List<String> addresses, String type, String path, Checks checks) {
    if (addresses.isEmpty()) {
      checks.required(path, "must contain at least 1 address");
    }
    atMost(addresses.size(), ADDRESSES, path, checks);
    for (int i = 0; i < addresses.size(); i++) {
      String address = addresses.get(i);
      String at = path + "[" + i + "]";
      switch (type) {
        case "IPv4" -> {
          if (!Addresses.ipv4(address)) {
            checks.invalid(at, address, "must be an IPv4 address");
          } else {
            Addresses.endpoint(address, at, checks);
          }
        }
        case "IPv6" -> {
          if (!Addresses.ipv6(address)) {
            checks.invalid(at, address, "must be an IPv6 address");
          } else {
            Addresses.endpoint(address, at, checks);
          }
        }
        case "FQDN" -> checks.syntax(at, address, Syntax.subdomain(address));
        default -> {}
      }
    }
  }

  private static void atMost(int size, int limit, String path, Checks checks) {
    if (size > limit) {
      checks.add(
          new FieldError(
              FieldError.Type.TOO_MANY,
              path,
              (long) size,
              "must have at most " + limit + " items"));
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    checks.immutable(object, live, "addressType", "addressType");
  }
}
