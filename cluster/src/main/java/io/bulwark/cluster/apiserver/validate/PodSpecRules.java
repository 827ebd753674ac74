package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The specification of a pod. */
final class PodSpecRules {
  private final Tree spec;
  private final String path;
  private final Checks checks;

  private PodSpecRules(Tree spec, String path, Checks checks) {
    this.spec = spec;
    this.path = path;
    this.checks = checks;
  }

  static void check(Tree spec, String path, Checks checks) {
    new PodSpecRules(spec, path, checks).check();
  }

  private void check() {
    Map<String, Tree> volumes = new HashMap<>();
    VolumeRules.volumes(spec, path, volumes, checks);
    containers(volumes);
    numbers();
    names();
    MetadataRules.labels(spec.treeOrEmpty("nodeSelector"), path + ".nodeSelector", checks);
    tolerations();
    AffinityRules.check(spec.treeOrEmpty("affinity"), path + ".affinity", checks);
    SecurityRules.pod(spec.treeOrEmpty("securityContext"), path + ".securityContext", checks);
    if (spec.textOrEmpty("dnsPolicy").equals("None")
        && spec.list("dnsConfig", "nameservers").isEmpty()) {
      checks.required(
          path + ".dnsConfig.nameservers",
          "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
  }

  private void containers(Map<String, Tree> volumes) {
    Checks.Unique names = checks.new Unique();
    Checks.Unique hostPorts = checks.new Unique();
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      List<Tree> containers = spec.trees(list);
      for (int i = 0; i < containers.size(); i++) {
        Tree container = containers.get(i);
        String at = path + "." + list + "[" + i + "]";
        String name = container.textOrEmpty("name");
        if (!name.isEmpty()) {
          checks.syntax(at + ".name", name, Syntax.label(name));
          names.add(at + ".name", name);
        }
        new ContainerRules(container, at, checks).check(volumes);
        boolean runs =
            list.equals("containers") || container.textOrEmpty("restartPolicy").equals("Always");
        if (list.equals("initContainers") && !runs) {
          for (String field :
              List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.containsKey(field)) {
              checks.forbidden(
                  at + "." + field,
                  "may not be set for init containers without restartPolicy=Always");
            }
          }
        }
        if (runs) {
          hostPorts(container, at, hostPorts);
        }
      }
    }
  }

  private static void hostPorts(Tree container, String at, Checks.Unique seen) {
    List<Tree> ports = container.trees("ports");
    for (int i = 0; i < ports.size(); i++) {
      Tree port = ports.get(i);
      long number = port.number(0, "hostPort");
      if (number != 0) {
        seen.add(
            at + ".ports[" + i + "].hostPort",
            port.textOrEmpty("protocol") + "/" + port.textOrEmpty("hostIP") + "/" + number);
      }
    }
  }

  private void numbers() {
    checks.notNegative(spec, "terminationGracePeriodSeconds", path);
    if (spec.get("activeDeadlineSeconds") instanceof Long seconds
        && (seconds < 1 || seconds > Integer.MAX_VALUE)) {
      checks.invalid(
          path + ".activeDeadlineSeconds", seconds, "must be between 1 and 2147483647, inclusive");
    }
  }

  private void names() {
    for (String field : List.of("serviceAccountName", "nodeName", "priorityClassName")) {
      String name = spec.textOrEmpty(field);
      if (!name.isEmpty()) {
        checks.syntax(path + "." + field, name, Syntax.subdomain(name));
      }
    }
    for (String field : List.of("hostname", "subdomain")) {
      String name = spec.textOrEmpty(field);
      if (!name.isEmpty()) {
        checks.syntax(path + "." + field, name, Syntax.label(name));
      }
    }
  }

  private void tolerations() {
    List<Tree> tolerations = spec.trees("tolerations");
    for (int i = 0; i < tolerations.size(); i++) {
      Tree toleration = tolerations.get(i);
      String at = path + ".tolerations[" + i + "]";
      String key = toleration.textOrEmpty("key");
      String operator = toleration.textOrEmpty("operator");
      if (!key.isEmpty()) {
        checks.syntax(at + ".key", key, Syntax.qualified(key));
      } else if (!operator.equals("Exists")) {
        checks.invalid(
            at + ".operator",
            operator,
            "operator must be Exists when `key` is empty, which means \"match all values and all"
                + " keys\"");
      }
      if (toleration.containsKey("tolerationSeconds")
          && !toleration.textOrEmpty("effect").equals("NoExecute")) {
        checks.invalid(
            at + ".effect",
            toleration.textOrEmpty("effect"),
            "effect must be 'NoExecute' when `tolerationSeconds` is set");
      }
      String value = toleration.textOrEmpty("value");
      if (operator.equals("Exists")) {
        if (!value.isEmpty()) {
          checks.invalid(
              at + ".operator", toleration, "value must be empty when `operator` is 'Exists'");
        }
      } else {
        checks.syntax(at + ".operator", value, Syntax.labelValue(value));
      }
    }
  }
}
