package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/** Probes and lifecycle hooks of a container. */
final class ProbeRules {
  private static final List<String> PROBE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> HOOK_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "sleep");

  private ProbeRules() {}

  static void check(Tree container, String path, Checks checks) {
    for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      Tree probe = container.tree(name);
      if (probe == null) {
        continue;
      }
      String at = path + "." + name;
      handler(probe, PROBE_HANDLERS, at, checks);
      for (String field :
          List.of(
              "initialDelaySeconds",
              "timeoutSeconds",
              "periodSeconds",
              "successThreshold",
              "failureThreshold")) {
        checks.notNegative(probe, field, at);
      }
      boolean readiness = name.equals("readinessProbe");
      if (!readiness && probe.number(1, "successThreshold") != 1) {
        checks.invalid(at + ".successThreshold", probe.number(1, "successThreshold"), "must be 1");
      }
      if (probe.containsKey("terminationGracePeriodSeconds")) {
        if (readiness) {
          checks.invalid(
              at + ".terminationGracePeriodSeconds",
              probe.number(0, "terminationGracePeriodSeconds"),
              "must not be set for readinessProbes");
        } else {
          checks.positive(probe, "terminationGracePeriodSeconds", at);
        }
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      Tree handler = container.tree("lifecycle", hook);
      if (handler != null) {
        handler(handler, HOOK_HANDLERS, path + ".lifecycle." + hook, checks);
      }
    }
  }

  private static void handler(Tree holder, List<String> types, String path, Checks checks) {
    boolean found = false;
    for (String type : types) {
      Tree handler = holder.tree(type);
      if (handler == null) {
        continue;
      }
      if (found) {
        checks.forbidden(path + "." + type, "may not specify more than 1 handler type");
        continue;
      }
      found = true;
      String at = path + "." + type;
      switch (type) {
        case "exec" -> {
          if (handler.list("command").isEmpty()) {
            checks.required(at + ".command", "");
          }
        }
        case "grpc" -> checks.port(handler.get("port"), at + ".port");
        case "sleep" -> checks.notNegative(handler, "seconds", at);
        default -> {
          if (handler.get("port") != null) {
            checks.portOrName(handler.get("port"), at + ".port");
          }
        }
      }
    }
    if (!found) {
      checks.required(path, "must specify a handler type");
    }
  }
}
