package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;
import java.util.Map;

/** One container of a pod. */
final class ContainerRules {
  private final Tree container;
  private final String path;
  private final Checks checks;

  ContainerRules(Tree container, String path, Checks checks) {
    this.container = container;
    this.path = path;
    this.checks = checks;
  }

  void check(Map<String, Tree> volumes) {
    String image = container.textOrEmpty("image");
    if (image.isEmpty()) {
      checks.required(path + ".image", "");
    } else if (!image.strip().equals(image)) {
      checks.invalid(path + ".image", image, "must not have leading or trailing whitespace");
    }
    ports();
    EnvironmentRules.check(container, path, checks);
    VolumeRules.mounts(container, path, volumes, checks);
    ResourceRules.check(container.treeOrEmpty("resources"), path + ".resources", checks);
    ProbeRules.check(container, path, checks);
    SecurityRules.container(
        container.treeOrEmpty("securityContext"), path + ".securityContext", checks);
  }

  private void ports() {
    Checks.Unique names = checks.new Unique();
    List<Tree> ports = container.trees("ports");
    for (int i = 0; i < ports.size(); i++) {
      Tree port = ports.get(i);
      String at = path + ".ports[" + i + "]";
      String name = port.textOrEmpty("name");
      if (!name.isEmpty()) {
        checks.syntax(at + ".name", name, Syntax.portName(name));
        names.add(at + ".name", name);
      }
      if (port.number(0, "containerPort") == 0) {
        checks.required(at + ".containerPort", "");
      } else {
        checks.port(port.get("containerPort"), at + ".containerPort");
      }
      if (port.number(0, "hostPort") != 0) {
        checks.port(port.get("hostPort"), at + ".hostPort");
      }
    }
  }
}
