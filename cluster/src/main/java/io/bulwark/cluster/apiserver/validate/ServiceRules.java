package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;

/** Services; addresses and node ports are checked where they are allocated. */
final class ServiceRules implements Rules {
  private static final long LONGEST_AFFINITY = 86_400;

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    String type = spec.textOrEmpty("type");
    boolean headless = spec.textOrEmpty("clusterIP").equals("None");
    if (spec.trees("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
      checks.required("spec.ports", "");
    }
    if (type.equals("ExternalName")) {
      String name = spec.textOrEmpty("externalName");
      if (name.isEmpty()) {
        checks.required("spec.externalName", "");
      } else {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        checks.syntax("spec.externalName", name, Syntax.subdomain(plain));
      }
    }
    ports(spec, checks);
    MetadataRules.labels(spec.treeOrEmpty("selector"), "spec.selector", checks);
    List<String> external = spec.texts("externalIPs");
    for (int i = 0; i < external.size(); i++) {
      Addresses.endpoint(external.get(i), "spec.externalIPs[" + i + "]", checks);
    }
    Tree client = spec.tree("sessionAffinityConfig", "clientIP");
    if (client != null) {
      long seconds = client.number(0, "timeoutSeconds");
      if (seconds <= 0 || seconds > LONGEST_AFFINITY) {
        checks.invalid(
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
            seconds,
            "must be greater than 0 and less than " + LONGEST_AFFINITY);
      }
    }
  }

  private static void ports(Tree spec, Checks checks) {
    List<Tree> ports = spec.trees("ports");
    Checks.Unique names = checks.new Unique();
    Checks.Unique places = checks.new Unique();
    for (int i = 0; i < ports.size(); i++) {
      Tree port = ports.get(i);
      String at = "spec.ports[" + i + "]";
      String name = port.textOrEmpty("name");
      if (name.isEmpty()) {
        if (ports.size() > 1) {
          checks.required(at + ".name", "");
        }
      } else {
        checks.syntax(at + ".name", name, Syntax.label(name));
        names.add(at + ".name", name);
      }
      checks.port(port.get("port"), at + ".port");
      if (port.textOrEmpty("protocol").isEmpty()) {
        checks.required(at + ".protocol", "");
      }
      if (port.get("targetPort") != null) {
        checks.portOrName(port.get("targetPort"), at + ".targetPort");
      }
      places.add(
          at, Tree.of("port", port.number(0, "port"), "protocol", port.textOrEmpty("protocol")));
    }
  }

  @Override
  public void checkCreate(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    String type = spec.textOrEmpty("type");
    boolean opened = type.equals("NodePort") || type.equals("LoadBalancer");
    if (type.equals("ExternalName") && !spec.textOrEmpty("clusterIP").isEmpty()) {
      checks.forbidden("spec.clusterIPs", "may not be set when `type` is 'ExternalName'");
    }
    if (opened && spec.textOrEmpty("clusterIP").equals("None")) {
      checks.invalid(
          "spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
    }
    if (type.equals("ClusterIP")) {
      List<Tree> ports = spec.trees("ports");
      for (int i = 0; i < ports.size(); i++) {
        if (ports.get(i).number(0, "nodePort") != 0) {
          checks.forbidden(
              "spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'");
        }
      }
      if (spec.containsKey("externalTrafficPolicy") && spec.list("externalIPs").isEmpty()) {
        checks.invalid(
            "spec.externalTrafficPolicy",
            spec.get("externalTrafficPolicy"),
            "may only be set for externally-accessible services");
      }
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    String next = object.textOrEmpty("spec", "clusterIP");
    String before = live.textOrEmpty("spec", "clusterIP");
    boolean addressed =
        !object.textOrEmpty("spec", "type").equals("ExternalName")
            && !live.textOrEmpty("spec", "type").equals("ExternalName");
    if (addressed && !before.isEmpty() && !next.isEmpty() && !next.equals(before)) {
      checks.add(
          FieldError.invalid("spec.clusterIPs[0]", TreeList.of(next), "may not change once set"));
    }
  }
}
