package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.e2e.TestCluster.Running;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A web service from its first rollout through every accident that the README promises to mend. */
@ExtendWith(TestCluster.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentIT {
  private static final String NAMESPACE = "deployment-it";
  private static final String MARKER = "served-by-bulwark-e2e";
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: deployment-it}
      spec:
        replicas: 3
        progressDeadlineSeconds: 10
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: web
              image: registry.bulwark.local/busybox:1
              command: [sh, -c, "echo served-by-bulwark-e2e > /www/index.html; exec httpd -f -p 8080 -h /www"]
              ports: [{name: http, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /index.html, port: http}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: deployment-it}
      spec:
        selector: {app: web}
        ports: [{port: 80, targetPort: http}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, namespace: deployment-it}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: client
          image: registry.bulwark.local/busybox:1
          command: [sleep, "3600"]
      """;

  @BeforeAll
  static void namespace(Kubectl kubectl) {
    kubectl.run("create", "namespace", NAMESPACE).ok();
    kubectl.apply(MANIFEST);
  }

  private static String ask(Kubectl kubectl, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-n", NAMESPACE));
    all.addAll(List.of(arguments));
    return kubectl.ask(all.toArray(String[]::new));
  }

  /** Fetches the page by the Service's name from inside the client pod. */
  private static void assertServes(Kubectl kubectl) {
    Eventually.within(
        SOON,
        () -> {
          Command.Result page =
              kubectl.run(
                  "-n",
                  NAMESPACE,
                  "exec",
                  "client",
                  "--",
                  "timeout",
                  "5",
                  "wget",
                  "-q",
                  "-O",
                  "-",
                  "http://web");
          assertEquals(MARKER, page.out().strip(), page.toString());
        });
  }

  @Test
  @Order(1)
  void threeReplicasServeUnderOneName(Kubectl kubectl) {
    ask(kubectl, "rollout", "status", "deployment/web", "--timeout=60s");
    ask(kubectl, "wait", "pod/client", "--for=condition=Ready", "--timeout=60s");
    assertServes(kubectl);
    assertEquals(
        "3", ask(kubectl, "get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"));
  }

  @Test
  @Order(2)
  void aKilledProcessIsRestarted(Kubectl kubectl) throws IOException {
    int before = restarts(kubectl);
    ProcessHandle.of(processes().getFirst()).orElseThrow().destroyForcibly();
    Eventually.within(SOON, () -> assertEquals(before + 1, restarts(kubectl)));
    ask(kubectl, "rollout", "status", "deployment/web", "--timeout=60s");
    assertServes(kubectl);
  }

  @Test
  @Order(3)
  void aKilledClusterComesBackWithoutRestartingAContainer(Running running, Kubectl kubectl)
      throws Exception {
    int restarts = restarts(kubectl);
    List<Long> before = processes();
    ProcessHandle process = ProcessHandle.of(running.process()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    running.up().ok();
    ask(kubectl, "rollout", "status", "deployment/web", "--timeout=60s");
    assertServes(kubectl);
    assertEquals(before, processes());
    assertEquals(restarts, restarts(kubectl));
  }

  @Test
  @Order(4)
  void aBrokenRolloutStopsAndIsRolledBack(Kubectl kubectl) {
    ask(kubectl, "set", "image", "deployment/web", "web=registry.bulwark.local/missing:1");
    Command.Result status =
        kubectl
            .run("-n", NAMESPACE, "rollout", "status", "deployment/web", "--timeout=60s")
            .failed();
    assertTrue(status.err().contains("exceeded its progress deadline"), status.toString());
    assertServes(kubectl);
    ask(kubectl, "rollout", "undo", "deployment/web");
    ask(kubectl, "rollout", "status", "deployment/web", "--timeout=60s");
    assertServes(kubectl);
    assertTrue(ask(kubectl, "rollout", "history", "deployment/web").contains("REVISION"));
  }

  private static int restarts(Kubectl kubectl) {
    return ask(
            kubectl,
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[*].status.containerStatuses[0].restartCount}")
        .lines()
        .flatMap(line -> List.of(line.trim().split(" ")).stream())
        .filter(word -> !word.isEmpty())
        .mapToInt(Integer::parseInt)
        .sum();
  }

  /** The web servers' processes on this machine, by id. */
  private static List<Long> processes() throws IOException {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        try {
          if (Files.readString(process.resolve("cmdline"))
              .equals("httpd\0-f\0-p\0008080\0-h\0/www\0")) {
            found.add(Long.parseLong(process.getFileName().toString()));
          }
        } catch (IOException ended) {
          // It ended while we looked.
        }
      }
    }
    found.sort(null);
    return found;
  }
}
