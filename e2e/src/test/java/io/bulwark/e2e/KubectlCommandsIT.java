package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.e2e.KubectlVersion.Session;
import io.bulwark.e2e.TestCluster.Running;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rest of what people type; the sentences were compared with upstream's own server. */
@ExtendWith(TestCluster.class)
class KubectlCommandsIT {
  private static final String MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, labels: {app: demo}}
      data: {colour: green}
      """;

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        replicas: 0
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: web, image: "registry.bulwark.local/busybox:1"}
      """;

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void setsPartsOfWorkloads(KubectlVersion version, Running running) {
    Session session = version.in(running, "set");
    session.feed(WEB, "create", "-f", "-").ok();
    assertEquals(
        "deployment.apps/web image updated", session.ask("set", "image", "deploy/web", "web=b:2"));
    assertEquals(
        "deployment.apps/web env updated", session.ask("set", "env", "deploy/web", "COLOUR=red"));
    assertTrue(session.ask("set", "env", "deploy/web", "--list").endsWith("COLOUR=red"));
    assertEquals(
        "deployment.apps/web resource requirements updated",
        session.ask("set", "resources", "deploy/web", "--limits=cpu=200m,memory=64Mi"));
    session.ask("create", "serviceaccount", "robot");
    assertEquals(
        "deployment.apps/web serviceaccount updated",
        session.ask("set", "serviceaccount", "deploy/web", "robot"));
    assertEquals(
        "b:2 red 200m robot",
        session.ask(
            "get",
            "deploy/web",
            "-o",
            "jsonpath={.spec.template.spec.containers[0].image}"
                + " {.spec.template.spec.containers[0].env[0].value}"
                + " {.spec.template.spec.containers[0].resources.limits.cpu}"
                + " {.spec.template.spec.serviceAccountName}"));
    session.ask("create", "service", "clusterip", "web", "--tcp=80:8080");
    assertEquals(
        "service/web selector updated", session.ask("set", "selector", "svc/web", "app=web,x=y"));
    assertEquals(
        "{\"app\":\"web\",\"x\":\"y\"}",
        session.ask("get", "svc/web", "-o", "jsonpath={.spec.selector}"));
    assertEquals(
        "service/other exposed", session.ask("expose", "deploy/web", "--name=other", "--port=80"));
    assertEquals(
        "error: Expected replicas to be 7, was 0",
        session.refused("scale", "deploy/web", "--current-replicas=7", "--replicas=1"));
    assertTrue(
        session
            .ask(
                "patch",
                "deploy/web",
                "--subresource=scale",
                "--type=merge",
                "-p",
                "{\"spec\":{\"replicas\":0}}")
            .startsWith("scale.autoscaling/web patched"));
    assertTrue(
        session
            .ask("get", "deploy/web", "--subresource=scale")
            .matches("(?s)NAME +DESIRED +AVAILABLE +AGE\\nweb +0 +0 +\\d+s"));
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void refusesInUpstreamsWords(KubectlVersion version, Running running) {
    Session session = version.in(running, "refuse");
    session.feed(MAP, "create", "-f", "-").ok();
    session.feed(WEB, "create", "-f", "-").ok();
    assertEquals(
        "Error from server (AlreadyExists): error when creating \"STDIN\": configmaps \"settings\""
            + " already exists",
        session.feed(MAP, "create", "-f", "-").failed().err().strip());
    assertEquals(
        "Error from server (BadRequest): unexpected end of JSON input",
        session.refused("patch", "cm", "settings", "-p", "{"));
    assertEquals(
        "The request is invalid: the server rejected our request due to an error in our request",
        session.refused(
            "patch",
            "cm",
            "settings",
            "--type=json",
            "-p",
            "[{\"op\":\"test\",\"path\":\"/data/colour\",\"value\":\"no\"}]"));
    assertEquals(
        "configmap/settings patched (no change)",
        session.ask("patch", "cm", "settings", "-p", "{\"data\":{\"colour\":\"green\"}}"));
    assertTrue(
        session
            .refused("label", "cm", "settings", "app=other")
            .endsWith("'app' already has a value (demo), and --overwrite is false"));
    assertEquals(
        "configmap/settings labeled",
        session.ask("label", "cm", "settings", "app=other", "--overwrite"));
    assertEquals("configmap/settings unlabeled", session.ask("label", "cm", "settings", "app-"));
    session.ask("create", "service", "clusterip", "web", "--tcp=80:8080");
    assertEquals(
        "The Service \"web\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.0.77\"]: may"
            + " not change once set",
        session.refused("patch", "svc", "web", "-p", "{\"spec\":{\"clusterIP\":\"10.96.0.77\"}}"));
    assertEquals(
        "error: deployments.apps \"web\" is not paused",
        session.refused("rollout", "resume", "deploy/web"));
    session.ask("rollout", "pause", "deploy/web");
    assertEquals(
        "error: deployments.apps \"web\" can't restart paused deployment (run rollout resume"
            + " first)",
        session.refused("rollout", "restart", "deploy/web"));
    session.ask("rollout", "resume", "deploy/web");
    assertEquals(
        "error: unable to find specified revision 99 in history",
        session.refused("rollout", "undo", "deploy/web", "--to-revision=99"));
    assertTrue(
        session
            .run("get", "endpoints")
            .ok()
            .err()
            .contains(
                "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1"
                    + " EndpointSlice"));
    assertTrue(
        session
            .refused("get", "widgets")
            .contains("the server doesn't have a resource type \"widgets\""));
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void replacesPrunesAndWaits(KubectlVersion version, Running running) {
    Session session = version.in(running, "replace");
    session.feed(MAP, "apply", "-f", "-").ok();
    String uid = session.ask("get", "cm", "settings", "-o", "jsonpath={.metadata.uid}");
    assertEquals(
        "configmap/settings replaced", session.feed(MAP, "replace", "-f", "-").ok().out().strip());
    assertTrue(
        session
            .feed(MAP, "replace", "--force", "-f", "-")
            .ok()
            .out()
            .endsWith("configmap/settings replaced\n"));
    assertFalse(uid.equals(session.ask("get", "cm", "settings", "-o", "jsonpath={.metadata.uid}")));
    String second = MAP.replace("settings", "extra");
    session.feed(MAP + "---\n" + second, "apply", "-l", "app=demo", "-f", "-").ok();
    String pruned =
        session
            .feed(
                MAP,
                "apply",
                "--prune",
                "-l",
                "app=demo",
                "--prune-allowlist=core/v1/ConfigMap",
                "-f",
                "-")
            .ok()
            .out();
    assertTrue(pruned.contains("configmap/extra pruned"), pruned);
    assertEquals("configmap/settings", session.ask("get", "cm", "-l", "app=demo", "-o", "name"));
    assertTrue(session.ask("apply", "view-last-applied", "cm/settings").contains("colour: green"));
    assertEquals(
        "configmap/settings condition met",
        session.ask("wait", "--for=jsonpath={.data.colour}=green", "cm/settings"));
    session.ask("delete", "cm", "settings", "--wait=false");
    session.ask("wait", "--for=delete", "cm/settings", "--timeout=20s");
    assertEquals(
        "deployment.apps/web created (server dry run)",
        session.feed(WEB, "create", "--dry-run=server", "-f", "-").ok().out().strip());
    assertEquals("", session.ask("get", "deploy", "-o", "name"));
    String difference = session.feed(WEB, "diff", "-f", "-").failed().out();
    assertTrue(difference.contains("+kind: Deployment"), difference);
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void showsPodsInEveryForm(KubectlVersion version, Running running) {
    Session session = version.in(running, "show");
    session.ask(
        "run",
        "once",
        "--image=registry.bulwark.local/busybox:1",
        "--restart=Never",
        "--command",
        "--",
        "echo",
        "hello");
    session.ask("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/once", "--timeout=60s");
    assertEquals("hello", session.ask("logs", "once"));
    assertTrue(
        session
            .ask("get", "pods")
            .matches("(?s)NAME +READY +STATUS +RESTARTS +AGE\\nonce +0/1 +Completed +0 +\\d+s"));
    assertTrue(session.ask("get", "pods", "-o", "wide").contains("NOMINATED NODE"));
    assertTrue(session.ask("get", "pods", "--show-labels").contains("run=once"));
    assertEquals(
        "[\n    \"once\"\n]",
        session.ask("get", "pod", "once", "-o", "jsonpath-as-json={.metadata.name}"));
    assertEquals(
        "once",
        session.ask("get", "pod", "once", "-o", "template", "--template={{.metadata.name}}"));
    assertEquals(
        "pod/once",
        session.ask("get", "pods", "--field-selector=status.phase=Succeeded", "-o", "name"));
    assertEquals(
        "", session.ask("get", "pods", "--field-selector=status.phase=Running", "-o", "name"));
    String described = session.ask("describe", "pod", "once");
    for (String part :
        List.of(
            "Node:             node-1/",
            "Status:           Succeeded",
            "Reason:       Completed",
            "Exit Code:    0",
            "QoS Class:                   BestEffort",
            "Successfully assigned " + session.namespace() + "/once to node-1")) {
      assertTrue(described.contains(part), part + "\n" + described);
    }
    assertTrue(session.ask("events", "--for", "pod/once").contains("Successfully assigned"));
    assertTrue(session.ask("get", "all").contains("pod/once"));
    assertTrue(
        session
            .ask("delete", "pod", "once", "--cascade=background", "--now")
            .startsWith("pod \"once\" deleted"));
  }

  @ParameterizedTest
  @MethodSource("io.bulwark.e2e.KubectlVersion#all")
  void explainsAndAnswersQuestions(KubectlVersion version, Running running) {
    Session session = version.in(running, "ask");
    assertTrue(session.ask("explain", "cm.data").contains("FIELD: data <map[string]string>"));
    String recursive = session.ask("explain", "deployment", "--recursive", "--api-version=apps/v1");
    assertTrue(recursive.startsWith("GROUP:      apps\nKIND:       Deployment"), recursive);
    assertTrue(session.ask("api-versions").contains("coordination.k8s.io/v1"));
    assertTrue(
        session
            .ask("api-resources", "--api-group=apps")
            .matches("(?s).*deployments +deploy +apps/v1 +true +Deployment.*"));
    String rules = session.ask("auth", "can-i", "--list");
    assertTrue(rules.contains("selfsubjectreviews.authentication.k8s.io"), rules);
    assertEquals("yes", session.ask("auth", "can-i", "get", "pods", "--subresource=log"));
    session.ask("create", "serviceaccount", "robot");
    String robot = "--as=system:serviceaccount:" + session.namespace() + ":robot";
    assertEquals("no", session.run("auth", "can-i", "get", "pods", robot).failed().out().strip());
    session.ask("create", "role", "reader", "--verb=get", "--resource=pods");
    session.ask(
        "create",
        "rolebinding",
        "reader",
        "--role=reader",
        "--serviceaccount=" + session.namespace() + ":robot");
    Eventually.within(
        Duration.ofSeconds(20), () -> session.ask("auth", "can-i", "get", "pods", robot));
    assertTrue(
        session
            .ask("auth", "whoami", "-o", "jsonpath={.status.userInfo.groups}")
            .contains("system:authenticated"));
    assertTrue(session.ask("create", "token", "robot").split("\\.").length == 3);
    String node = session.ask("get", "node", "node-1", "-o", "jsonpath={.status.nodeInfo}");
    assertTrue(node.contains("\"kubeProxyVersion\":\"\""), node);
  }
}
