package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Endpoints. */
final class EndpointsRules implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    List<Tree> subsets = object.trees("subsets");
    for (int i = 0; i < subsets.size(); i++) {
      subset(subsets.get(i), "subsets[" + i + "]", checks);
    }
  }

  private static void subset(Tree subset, String path, Checks checks) {
    if (subset.list("addresses").isEmpty() && subset.list("notReadyAddresses").isEmpty()) {
      checks.required(path, "must specify `addresses` or `notReadyAddresses`");
    }
    for (String list : List.of("addresses", "notReadyAddresses")) {
      List<Tree> addresses = subset.trees(list);
      for (int i = 0; i < addresses.size(); i++) {
        String at = path + "." + list + "[" + i + "]";
        Addresses.endpoint(addresses.get(i).textOrEmpty("ip"), at + ".ip", checks);
        String hostname = addresses.get(i).textOrEmpty("hostname");
        if (!hostname.isEmpty()) {
          checks.syntax(at + ".hostname", hostname, Syntax.label(hostname));
        }
      }
    }
    List<Tree> ports = subset.trees("ports");
    for (int i = 0; i < ports.size(); i++) {
      String at = path + ".ports[" + i + "]";
      String name = ports.get(i).textOrEmpty("name");
      if (!name.isEmpty()) {
        checks.syntax(at + ".name", name, Syntax.label(name));
      } else if (ports.size() > 1) {
        checks.required(at + ".name", "");
      }
      checks.port(ports.get(i).get("port"), at + ".port");
    }
  }
}
