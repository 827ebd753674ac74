package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.e2e.TestCluster.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one container gets of the machine, what it is told at its end, and what is told of it. */
@ExtendWith(TestCluster.class)
class ContainerIT {
  private static final String NAMESPACE = "one-container";
  private static final Duration SOON = Duration.ofSeconds(60);

  @BeforeAll
  static void namespace(Kubectl kubectl) {
    kubectl.run("create", "namespace", NAMESPACE).ok();
  }

  private static void run(Kubectl kubectl, String name, String rest) {
    kubectl
        .feed(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              terminationGracePeriodSeconds: 20
              containers:
              - name: main
            %s
            """
                .formatted(name, rest.indent(4)),
            "-n",
            NAMESPACE,
            "apply",
            "-f",
            "-")
        .ok();
    kubectl
        .run("-n", NAMESPACE, "wait", "pod/" + name, "--for=condition=Ready", "--timeout=60s")
        .ok();
  }

  private static String inside(Kubectl kubectl, String pod, String script) {
    return kubectl.ask("-n", NAMESPACE, "exec", pod, "--", "sh", "-c", script);
  }

  @Test
  void aProcessorLimitIsHeldByTheKernel(Kubectl kubectl) {
    run(
        kubectl,
        "busy",
        """
        image: registry.bulwark.local/busybox:1
        command: [sh, -c, "while :; do :; done"]
        resources: {requests: {cpu: 50m}, limits: {cpu: 200m}}
        """);
    String quota =
        inside(
            kubectl,
            "busy",
            "cat /sys/fs/cgroup/cpu.max 2>/dev/null"
                + " || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us");
    assertEquals("20000 100000", quota.replace('\n', ' '));
    Eventually.within(
        SOON,
        () -> {
          String held =
              inside(
                  kubectl,
                  "busy",
                  "cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null"
                      + " | awk '$1 == \"nr_throttled\" {print $2}'");
          assertTrue(Integer.parseInt(held) > 0, "throttled " + held + " times");
        });
    kubectl.run("-n", NAMESPACE, "delete", "pod", "busy", "--grace-period=1").ok();
  }

  @Test
  void theStopSignalOfAnImageIsSent(Running running, Kubectl kubectl) {
    Program.run(
            "image",
            "build",
            "--data-dir",
            running.directory().toString(),
            "--from",
            running.scratch().resolve("busybox-rootfs").toString(),
            "--tag",
            "registry.bulwark.local/quits:1",
            "--stop-signal",
            "SIGQUIT")
        .ok();
    run(
        kubectl,
        "quits",
        """
        image: registry.bulwark.local/quits:1
        command:
        - sh
        - -c
        - |
          trap 'exit 1' TERM
          trap 'exit 3' QUIT
          while :; do sleep 0.1; done
        """);
    assertEquals("3", codeAtItsEnd(kubectl, "quits"));
  }

  @Test
  void withoutOneItIsTerm(Kubectl kubectl) {
    run(
        kubectl,
        "terms",
        """
        image: registry.bulwark.local/busybox:1
        command:
        - sh
        - -c
        - |
          trap 'exit 4' TERM
          trap 'exit 1' QUIT
          while :; do sleep 0.1; done
        """);
    assertEquals("4", codeAtItsEnd(kubectl, "terms"));
  }

  /** Deletes a pod that a finalizer keeps, so that its end can be read. */
  private static String codeAtItsEnd(Kubectl kubectl, String pod) {
    String finalizers = "{\"metadata\":{\"finalizers\":%s}}";
    kubectl
        .run(
            "-n",
            NAMESPACE,
            "patch",
            "pod",
            pod,
            "-p",
            finalizers.formatted("[\"example.org/kept\"]"))
        .ok();
    kubectl.run("-n", NAMESPACE, "delete", "pod", pod, "--wait=false").ok();
    String path = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    try {
      Eventually.within(
          SOON,
          () ->
              assertTrue(
                  !kubectl.ask("-n", NAMESPACE, "get", "pod", pod, "-o", path).isEmpty(),
                  "not ended"));
      return kubectl.ask("-n", NAMESPACE, "get", "pod", pod, "-o", path);
    } finally {
      kubectl.run("-n", NAMESPACE, "patch", "pod", pod, "-p", finalizers.formatted("null")).ok();
    }
  }

  @Test
  void theNodeTellsWhatItsContainersUse(Kubectl kubectl) {
    run(
        kubectl,
        "measured",
        """
        image: registry.bulwark.local/busybox:1
        command: [sh, -c, "dd if=/dev/zero of=/tmp/written bs=1M count=3; while :; do :; done"]
        resources: {limits: {cpu: 200m, memory: 64Mi}}
        """);
    Eventually.within(
        SOON,
        () -> {
          Tree summary =
              Json.read(
                  kubectl
                      .ask("get", "--raw", "/api/v1/nodes/node-1/proxy/stats/summary")
                      .getBytes(StandardCharsets.UTF_8));
          Tree node = summary.treeOrEmpty("node");
          assertEquals("node-1", node.textOrEmpty("nodeName"));
          assertTrue(node.number(0, "memory", "workingSetBytes") > 0, node.toString());
          assertTrue(node.number(0, "fs", "capacityBytes") > 0, node.toString());
          Tree pod =
              summary.trees("pods").stream()
                  .filter(one -> one.textOrEmpty("podRef", "name").equals("measured"))
                  .findFirst()
                  .orElseThrow(() -> new AssertionError("no measured pod in " + summary));
          assertEquals(NAMESPACE, pod.textOrEmpty("podRef", "namespace"));
          Tree main = pod.trees("containers").getFirst();
          assertEquals("main", main.textOrEmpty("name"));
          long memory = main.number(0, "memory", "workingSetBytes");
          assertTrue(memory > 0 && memory < 64 << 20, main.toString());
          assertTrue(main.number(0, "cpu", "usageCoreNanoSeconds") > 1_000_000, main.toString());
          assertTrue(pod.number(0, "memory", "workingSetBytes") >= memory / 2, pod.toString());
        });
    kubectl.run("-n", NAMESPACE, "delete", "pod", "measured", "--grace-period=1").ok();
  }

  @Test
  void aNamespaceIsDescribed(Kubectl kubectl) {
    String told = kubectl.ask("describe", "namespace", NAMESPACE);
    assertTrue(told.startsWith("Name:         " + NAMESPACE + "\n"), told);
    assertTrue(told.contains("kubernetes.io/metadata.name=" + NAMESPACE), told);
    assertTrue(told.contains("Status:       Active"), told);
  }
}
