package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.e2e.TestCluster.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people type, with every kubectl that is there. */
@ExtendWith(TestCluster.class)
class KubectlIT {
  private static final String CONFIG =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, labels: {app: demo}}
      data: {colour: green, shape: round}
      """;

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: web
              image: registry.bulwark.local/busybox:1
              command: [sleep, "3600"]
      """;

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void appliesOnBothSides(KubectlVersion version, Running running) {
    KubectlVersion.Session session = version.in(running, "apply");
    assertEquals(
        "configmap/settings created", session.feed(CONFIG, "apply", "-f", "-").ok().out().strip());
    assertEquals(
        "configmap/settings unchanged",
        session.feed(CONFIG, "apply", "-f", "-").ok().out().strip());
    String red = CONFIG.replace("green", "red").replace(", shape: round", "");
    session.feed(red, "diff", "-f", "-").failed();
    assertEquals(
        "configmap/settings configured", session.feed(red, "apply", "-f", "-").ok().out().strip());
    assertEquals(
        "{\"colour\":\"red\"}", session.ask("get", "cm", "settings", "-o", "jsonpath={.data}"));
    Command.Result conflict =
        session.feed(CONFIG, "apply", "--server-side", "--field-manager=other", "-f", "-").failed();
    assertTrue(conflict.err().contains("Apply failed with 1 conflict"), conflict.toString());
    session
        .feed(
            CONFIG,
            "apply",
            "--server-side",
            "--field-manager=other",
            "--force-conflicts",
            "-f",
            "-")
        .ok();
    assertEquals("green", session.ask("get", "cm", "settings", "-o", "jsonpath={.data.colour}"));
    session.feed(CONFIG, "diff", "--server-side", "--field-manager=other", "-f", "-").ok();
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void showsObjectsInEveryForm(KubectlVersion version, Running running) {
    KubectlVersion.Session session = version.in(running, "forms");
    session.feed(CONFIG, "create", "-f", "-").ok();
    Map<List<String>, String> forms =
        Map.of(
            List.of("get", "cm", "settings"), "(?s)NAME +DATA +AGE\\nsettings +2 +\\d+s",
            List.of("get", "cm", "settings", "-o", "wide"), "(?s)NAME +DATA +AGE.*",
            List.of("get", "cm", "settings", "-o", "name"), "configmap/settings",
            List.of("get", "cm", "-l", "app=demo", "-o", "name"), "configmap/settings",
            List.of("get", "cm", "--field-selector", "metadata.name=settings", "-o", "name"),
                "configmap/settings",
            List.of("get", "cm", "settings", "-o", "jsonpath={.data.shape}"), "round",
            List.of("get", "cm", "settings", "-o", "go-template={{.data.shape}}"), "round",
            List.of("get", "cm", "settings", "-o", "yaml"),
                "(?s)apiVersion: v1\\n.*colour: green.*",
            List.of("get", "cm", "settings", "-o", "json"), "(?s)\\{.*\"colour\": \"green\".*",
            List.of("get", "cm", "settings", "-o", "custom-columns=C:.data.colour"), "C\\ngreen");
    forms.forEach(
        (command, pattern) -> {
          String out = session.ask(command.toArray(String[]::new));
          assertTrue(out.matches(pattern), command + "\n" + out);
        });
    assertTrue(
        session.ask("describe", "cm", "settings").contains("colour:\n----\ngreen"),
        "describe shows data");
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void changesObjectsInEveryWay(KubectlVersion version, Running running) throws IOException {
    KubectlVersion.Session session = version.in(running, "changes");
    session.feed(CONFIG, "create", "-f", "-").ok();
    session.ask("label", "cm", "settings", "tier=front");
    session.ask("annotate", "cm", "settings", "note=mine");
    session.ask("patch", "cm", "settings", "-p", "{\"data\":{\"a\":\"1\"}}");
    session.ask("patch", "cm", "settings", "--type=merge", "-p", "{\"data\":{\"shape\":null}}");
    session.ask(
        "patch",
        "cm",
        "settings",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"2\"}]");
    assertEquals(
        "{\"a\":\"1\",\"b\":\"2\",\"colour\":\"green\"}",
        session.ask("get", "cm", "settings", "-o", "jsonpath={.data}"));
    assertEquals(
        "front mine",
        session.ask(
            "get",
            "cm",
            "settings",
            "-o",
            "jsonpath={.metadata.labels.tier} {.metadata.annotations.note}"));
    session.feed(CONFIG.replace("green", "blue"), "replace", "-f", "-").ok();
    Path editor = session.scratch().resolve("editor-" + version.name() + ".sh");
    Files.writeString(editor, "#!/bin/sh\nsed -i s/blue/violet/ \"$1\"\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwxr-xr-x"));
    Command.run(
            java.time.Duration.ofSeconds(60),
            Map.of(
                "KUBECONFIG", session.kubectl().environment().get("KUBECONFIG"),
                "KUBE_EDITOR", editor.toString()),
            session.kubectl().command("-n", session.namespace(), "edit", "cm", "settings"))
        .ok();
    assertEquals("violet", session.ask("get", "cm", "settings", "-o", "jsonpath={.data.colour}"));
    Command.Result unknown =
        session.feed(CONFIG + "surplus: 1\n", "apply", "-f", "-", "--validate=strict").failed();
    assertTrue(unknown.err().contains("unknown field \"surplus\""), unknown.toString());
    assertTrue(
        session.ask("delete", "cm", "settings").startsWith("configmap \"settings\" deleted"));
    assertTrue(
        session
            .run("get", "cm", "settings")
            .failed()
            .err()
            .contains("Error from server (NotFound): configmaps \"settings\" not found"));
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void rollsOut(KubectlVersion version, Running running) {
    KubectlVersion.Session session = version.in(running, "rollout");
    session.feed(DEPLOYMENT, "apply", "-f", "-").ok();
    session.ask("rollout", "status", "deploy/web", "--timeout=60s");
    session.ask("scale", "deploy/web", "--replicas=2");
    session.ask("wait", "deploy/web", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=60s");
    session.ask("rollout", "pause", "deploy/web");
    session.ask("set", "env", "deploy/web", "COLOUR=green");
    session.ask("rollout", "resume", "deploy/web");
    session.ask("rollout", "status", "deploy/web", "--timeout=60s");
    session.ask("rollout", "restart", "deploy/web");
    session.ask("rollout", "status", "deploy/web", "--timeout=60s");
    assertTrue(session.ask("rollout", "history", "deploy/web").contains("3  "));
    session.ask("rollout", "undo", "deploy/web", "--to-revision=1");
    session.ask("rollout", "status", "deploy/web", "--timeout=60s");
    assertEquals(
        "",
        session.ask("get", "deploy/web", "-o", "jsonpath={.spec.template.spec.containers[0].env}"));
    assertTrue(session.ask("describe", "deploy/web").contains("Scaled up replica set web-"));
    session.ask("delete", "deploy/web", "--cascade=orphan");
    assertTrue(session.ask("get", "rs", "-o", "name").contains("replicaset.apps/web-"));
    session.ask("delete", "rs", "--all", "--cascade=foreground");
    assertEquals(
        "", session.ask("get", "pods", "-l", "app=web", "-o", "name", "--ignore-not-found"));
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void knowsWhatThereIs(KubectlVersion version, Running running) {
    KubectlVersion.Session session = version.in(running, "discovery");
    String resources = session.ask("api-resources");
    for (String name : List.of("configmaps", "deployments", "endpointslices", "leases", "roles")) {
      assertTrue(resources.contains(name), resources);
    }
    String fields = session.ask("explain", "deployment.spec.strategy");
    assertTrue(fields.contains("rollingUpdate"), fields);
    assertTrue(
        session.ask("explain", "pod", "--recursive").contains("terminationGracePeriodSeconds"));
    assertEquals("yes", session.ask("auth", "can-i", "create", "pods"));
    assertTrue(session.ask("auth", "whoami").contains("Username"));
    assertTrue(
        session
            .run("auth", "can-i", "delete", "nodes", "--as=nobody")
            .failed()
            .out()
            .contains("no"));
    assertTrue(session.ask("version").contains("Server Version: v1.36.0"));
    session.ask("events");
  }
}
