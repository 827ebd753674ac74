package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.e2e.TestCluster.Running;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What containers see of their pod, and what the node does for them. */
@ExtendWith(TestCluster.class)
class NodeIT {
  private static final String NAMESPACE = "node-it";
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String CONTENT =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      data: {colour: green}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: keys}
      stringData: {password: hunter2}
      """;

  private static final String INSIDE =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: inside, labels: {tier: front}, annotations: {note: mine}}
      spec:
        terminationGracePeriodSeconds: 1
        securityContext: {runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000, runAsNonRoot: true}
        initContainers:
        - name: first
          image: registry.bulwark.local/busybox:1
          command: [sh, -c, "echo prepared > /scratch/init"]
          volumeMounts: [{name: scratch, mountPath: /scratch}]
        containers:
        - name: main
          image: registry.bulwark.local/busybox:1
          command: [sleep, "3600"]
          resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: "1", memory: 256Mi}}
          securityContext:
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
          env:
          - {name: PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: password}}}
          - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
          - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
          - {name: GREETING, value: "hello $(NODE)"}
          envFrom: [{configMapRef: {name: settings}}]
          volumeMounts:
          - {name: scratch, mountPath: /scratch}
          - {name: fast, mountPath: /fast}
          - {name: settings, mountPath: /settings}
          - {name: keys, mountPath: /keys}
          - {name: about, mountPath: /about}
        volumes:
        - {name: scratch, emptyDir: {}}
        - {name: fast, emptyDir: {medium: Memory, sizeLimit: 8Mi}}
        - {name: settings, configMap: {name: settings}}
        - {name: keys, secret: {secretName: keys, defaultMode: 0440}}
        - {name: about, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
      """;

  @BeforeAll
  static void pods(Kubectl kubectl) {
    kubectl.run("create", "namespace", NAMESPACE).ok();
    kubectl.feed(CONTENT, "-n", NAMESPACE, "apply", "-f", "-").ok();
    kubectl.feed(INSIDE, "-n", NAMESPACE, "apply", "-f", "-").ok();
    kubectl
        .run("-n", NAMESPACE, "wait", "pod/inside", "--for=condition=Ready", "--timeout=60s")
        .ok();
  }

  private static String inside(Kubectl kubectl, String script) {
    return kubectl.ask("-n", NAMESPACE, "exec", "inside", "--", "sh", "-c", script);
  }

  @Test
  void variablesComeFromEverywhere(Kubectl kubectl) {
    assertEquals(
        "hunter2 node-1 268435456 hello node-1 green",
        inside(kubectl, "echo $PASSWORD $NODE $MEMORY $GREETING $colour"));
  }

  @Test
  void volumesHoldWhatTheyPromise(Kubectl kubectl) {
    assertEquals("prepared", inside(kubectl, "cat /scratch/init"));
    assertEquals("hunter2", inside(kubectl, "cat /keys/password"));
    assertEquals("tier=\"front\"", inside(kubectl, "cat /about/labels"));
    assertTrue(inside(kubectl, "grep ' /fast ' /proc/mounts").startsWith("tmpfs"));
    assertEquals("3000", inside(kubectl, "stat -c %g /scratch"));
  }

  @Test
  void aMountedConfigMapFollowsItsObject(Kubectl kubectl) {
    kubectl.ask(
        "-n", NAMESPACE, "patch", "cm", "settings", "-p", "{\"data\":{\"shape\":\"round\"}}");
    Eventually.within(
        Duration.ofSeconds(120),
        () ->
            assertEquals(
                "round",
                kubectl
                    .run("-n", NAMESPACE, "exec", "inside", "--", "cat", "/settings/shape")
                    .out()
                    .strip()));
  }

  @Test
  void processesAreConfined(Kubectl kubectl) {
    assertEquals("1000:2000", inside(kubectl, "echo $(id -u):$(id -g)"));
    assertTrue(inside(kubectl, "touch /new 2>&1 || true").contains("Read-only file system"));
    assertTrue(inside(kubectl, "grep CapEff /proc/self/status").endsWith("0000000000000000"));
    assertTrue(inside(kubectl, "grep NoNewPrivs /proc/self/status").endsWith("1"));
    assertTrue(inside(kubectl, "grep Seccomp: /proc/self/status").endsWith("2"));
    assertEquals(
        "Burstable",
        kubectl.ask("-n", NAMESPACE, "get", "pod", "inside", "-o", "jsonpath={.status.qosClass}"));
  }

  @Test
  void thePodsOwnTokenReachesTheApiByItsName(Kubectl kubectl) {
    kubectl.ask("-n", NAMESPACE, "create", "role", "reader", "--verb=get", "--resource=configmaps");
    kubectl.ask(
        "-n",
        NAMESPACE,
        "create",
        "rolebinding",
        "reader",
        "--role=reader",
        "--serviceaccount=" + NAMESPACE + ":default");
    String directory = "/var/run/secrets/kubernetes.io/serviceaccount";
    String asPod =
        "HOME=/scratch kubectl --server=https://kubernetes.default.svc"
            + " --certificate-authority=%1$s/ca.crt --token=$(cat %1$s/token) -n "
                .formatted(directory)
            + NAMESPACE;
    Eventually.within(
        SOON,
        () ->
            assertEquals(
                "green",
                kubectl
                    .run(
                        "-n",
                        NAMESPACE,
                        "exec",
                        "inside",
                        "--",
                        "sh",
                        "-c",
                        asPod + " get cm settings -o jsonpath={.data.colour}")
                    .out()
                    .strip()));
    assertTrue(
        inside(kubectl, asPod + " get secret keys 2>&1 || true").contains("Forbidden"), "secrets");
    assertTrue(inside(kubectl, "cat " + directory + "/ca.crt").contains("BEGIN CERTIFICATE"));
    assertEquals(NAMESPACE, inside(kubectl, "cat " + directory + "/namespace"));
  }

  @Test
  void probesAndHooksAreRun(Kubectl kubectl) {
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: probed}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: main
                image: registry.bulwark.local/busybox:1
                command: [sh, -c, "touch /tmp/alive; httpd -p 8080 -h /www; echo ok > /www/index.html; sleep 3600"]
                lifecycle:
                  postStart: {exec: {command: [sh, -c, "echo started > /tmp/hook"]}}
                startupProbe: {exec: {command: [test, -e, /tmp/hook]}, periodSeconds: 1}
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                livenessProbe: {exec: {command: [test, -e, /tmp/alive]}, periodSeconds: 1, failureThreshold: 2}
            """,
            "-n",
            NAMESPACE,
            "apply",
            "-f",
            "-")
        .ok();
    kubectl
        .run("-n", NAMESPACE, "wait", "pod/probed", "--for=condition=Ready", "--timeout=60s")
        .ok();
    assertEquals(
        "started", kubectl.ask("-n", NAMESPACE, "exec", "probed", "--", "cat", "/tmp/hook"));
    kubectl.ask("-n", NAMESPACE, "exec", "probed", "--", "rm", "/tmp/alive");
    Eventually.within(
        SOON,
        () ->
            assertEquals(
                "1",
                kubectl.ask(
                    "-n",
                    NAMESPACE,
                    "get",
                    "pod",
                    "probed",
                    "-o",
                    "jsonpath={.status.containerStatuses[0].restartCount}")));
    assertTrue(
        kubectl
            .ask("-n", NAMESPACE, "events", "--for", "pod/probed")
            .contains("Liveness probe failed"));
    assertEquals("", kubectl.run("-n", NAMESPACE, "logs", "probed", "--previous").ok().out());
  }

  @Test
  void aFailingContainerBacksOff(Kubectl kubectl) {
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: failing}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: registry.bulwark.local/busybox:1
                command: [sh, -c, "echo because > /dev/termination-log; exit 3"]
            """,
            "-n",
            NAMESPACE,
            "apply",
            "-f",
            "-")
        .ok();
    Eventually.within(
        SOON,
        () -> {
          assertTrue(
              kubectl.ask("-n", NAMESPACE, "get", "pod", "failing").contains("CrashLoopBackOff"));
          assertEquals(
              "3 because",
              kubectl.ask(
                  "-n",
                  NAMESPACE,
                  "get",
                  "pod",
                  "failing",
                  "-o",
                  "jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"
                      + " {.status.containerStatuses[0].lastState.terminated.message}"));
        });
  }

  @Test
  void whatAPodMayNotDoIsRefused(Kubectl kubectl) {
    Command.Result privileged =
        kubectl
            .feed(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: greedy}
                spec:
                  hostNetwork: true
                  containers:
                  - name: main
                    image: registry.bulwark.local/busybox:1
                    securityContext: {privileged: true}
                """,
                "-n",
                NAMESPACE,
                "apply",
                "-f",
                "-")
            .failed();
    assertTrue(
        privileged.err().contains("violates PodSecurity \"baseline:latest\""),
        privileged.toString());
    assertTrue(privileged.err().contains("privileged (container \"main\""), privileged.toString());
  }

  @Test
  void aNodePortServesTheOutside(Running running, Kubectl kubectl) throws Exception {
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: page, labels: {app: page}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: registry.bulwark.local/busybox:1
                command: [sh, -c, "echo outside > /www/index.html; exec httpd -f -p 8080 -h /www"]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: page}
            spec: {type: NodePort, selector: {app: page}, ports: [{port: 80, targetPort: 8080}]}
            """,
            "-n",
            NAMESPACE,
            "apply",
            "-f",
            "-")
        .ok();
    kubectl.run("-n", NAMESPACE, "wait", "pod/page", "--for=condition=Ready", "--timeout=60s").ok();
    String port =
        kubectl.ask(
            "-n", NAMESPACE, "get", "service", "page", "-o", "jsonpath={.spec.ports[0].nodePort}");
    String address =
        kubectl.ask("get", "node", "node-1", "-o", "jsonpath={.status.addresses[0].address}");
    try (HttpClient client = HttpClient.newHttpClient()) {
      Eventually.within(SOON, () -> assertEquals("outside\n", fetch(client, address, port)));
    }
  }

  private static String fetch(HttpClient client, String address, String port) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/index.html"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (java.io.IOException | InterruptedException notYet) {
      throw new AssertionError(notYet);
    }
  }
}
