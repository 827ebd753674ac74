package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A second and a third machine, each a network namespace with a containerd of its own: one on the
 * first node's link, the other behind a router.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JoinIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String FIRST = "10.199.7.1";
  private static final String ONLY_NEAR = "registry.bulwark.local/only-near:1";
  private static final List<Machine> MACHINES = new ArrayList<>();

  private static Path scratch = Path.of("/");
  private static Path first = Path.of("/");
  private static int port;
  private static Kubectl kubectl = Kubectl.newest(Path.of("/"));

  /** A network namespace that stands for a machine. */
  private record Machine(
      String name, String address, String gateway, Path data, List<Process> running) {
    List<String> inside(List<String> command) {
      List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/bw-" + name));
      all.addAll(command);
      return all;
    }

    void make() {
      root("ip", "netns", "add", "bw-" + name);
      root(
          "ip",
          "link",
          "add",
          "bwv-" + name,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          "bw-" + name);
      root("ip", "address", "add", gateway + "/24", "dev", "bwv-" + name);
      root("ip", "link", "set", "bwv-" + name, "up");
      within("ip", "link", "set", "lo", "up");
      within("ip", "address", "add", address + "/24", "dev", "eth0");
      within("ip", "link", "set", "eth0", "up");
      within("ip", "route", "add", "default", "via", gateway);
    }

    void join(String token, String hash) throws IOException {
      Path log = data.resolveSibling(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
              inside(
                  Program.command(
                      "join", FIRST + ":" + port,
                      "--token", token,
                      "--ca-hash", hash,
                      "--data-dir", data.toString(),
                      "--node-name", name)));
      builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      running.add(builder.start());
    }

    void kill() throws InterruptedException {
      for (Process process : running) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      running.clear();
    }

    void remove() throws InterruptedException {
      kill();
      Command.run(
          Duration.ofMinutes(1),
          Map.of(),
          inside(Program.command("reset", "--data-dir", data.toString())));
      Command.run(Duration.ofSeconds(10), Map.of(), List.of("ip", "netns", "delete", "bw-" + name));
    }

    private void within(String... command) {
      Command.run(Duration.ofSeconds(10), Map.of(), inside(List.of(command))).ok();
    }
  }

  private static void root(String... command) {
    Command.run(Duration.ofSeconds(10), Map.of(), List.of(command)).ok();
  }

  @BeforeAll
  static void start() throws IOException {
    scratch = Files.createTempDirectory("bulwark-join-");
    first = scratch.resolve("first");
    MACHINES.add(
        new Machine("near", "10.199.7.2", FIRST, scratch.resolve("near"), new ArrayList<>()));
    MACHINES.add(
        new Machine("far", "10.198.7.2", "10.198.7.1", scratch.resolve("far"), new ArrayList<>()));
    MACHINES.forEach(Machine::make);
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Program.run(
            "up",
            "--detach",
            "--data-dir",
            first.toString(),
            "--port",
            Integer.toString(port),
            "--advertise-address",
            FIRST,
            "--node-name",
            "first")
        .ok();
    kubectl =
        Kubectl.newest(
            Path.of(Program.run("kubeconfig", "--data-dir", first.toString()).ok().out().strip()));
    BusyboxImage.importInto(first, scratch);
    for (Machine machine : MACHINES) {
      Command.Result token = Program.run("token", "create", "--data-dir", first.toString()).ok();
      String hash = token.err().replaceAll("(?s).*--ca-hash (\\S+).*", "$1");
      machine.join(token.out().strip(), hash);
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    for (Machine machine : MACHINES) {
      machine.remove();
    }
    Program.run("reset", "--data-dir", first.toString());
  }

  @Test
  @Order(1)
  void machinesBecomeReadyNodesWithRangesOfTheirOwn() throws IOException {
    for (Machine machine : MACHINES) {
      Eventually.within(
          SOON,
          () ->
              kubectl
                  .run("wait", "node/" + machine.name(), "--for=condition=Ready", "--timeout=5s")
                  .ok());
      BusyboxImage.importInto(machine.data(), scratch);
    }
    List<String> ranges =
        List.of(kubectl.ask("get", "nodes", "-o", "jsonpath={.items[*].spec.podCIDR}").split(" "));
    assertEquals(3, ranges.stream().distinct().count(), ranges.toString());
  }

  @Test
  @Order(2)
  void podsReachEachOtherAcrossLinksAndRouters() {
    for (String node : List.of("first", "near", "far")) {
      kubectl.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: on-%1$s, labels: {app: peer, "on": %1$s}}
          spec:
            nodeName: %1$s
            terminationGracePeriodSeconds: 1
            containers:
            - name: web
              image: registry.bulwark.local/busybox:1
              command: [sh, -c, "echo %1$s > /www/index.html; exec httpd -f -v -p 8080 -h /www"]
          """
              .formatted(node));
    }
    for (String node : List.of("first", "near", "far")) {
      kubectl.run("wait", "pod/on-" + node, "--for=condition=Ready", "--timeout=60s").ok();
    }
    for (String from : List.of("first", "near", "far")) {
      for (String to : List.of("first", "near", "far")) {
        String address = kubectl.ask("get", "pod", "on-" + to, "-o", "jsonpath={.status.podIP}");
        Eventually.within(
            SOON,
            () -> {
              Command.Result page =
                  kubectl.run(
                      "exec",
                      "on-" + from,
                      "--",
                      "timeout",
                      "5",
                      "wget",
                      "-q",
                      "-O",
                      "-",
                      "http://" + address + ":8080");
              assertEquals(to, page.out().strip(), from + " to " + to + ": " + page);
            });
      }
    }
  }

  /** Only "near" has a pod of these Services. */
  @Test
  @Order(3)
  void localPoliciesKeepTrafficOnItsNode() {
    for (String name : List.of("outer", "inner")) {
      kubectl.apply(
          """
          apiVersion: v1
          kind: Service
          metadata: {name: %s}
          spec:
            type: %s
            %sTrafficPolicy: Local
            selector: {"on": near}
            ports: [{port: 80, targetPort: 8080}]
          """
              .formatted(
                  name,
                  name.equals("outer") ? "NodePort" : "ClusterIP",
                  name.equals("outer") ? "external" : "internal"));
    }
    String nodePort =
        kubectl.ask("get", "service", "outer", "-o", "jsonpath={.spec.ports[0].nodePort}");
    String inner = kubectl.ask("get", "service", "inner", "-o", "jsonpath={.spec.clusterIP}");
    Machine near = MACHINES.getFirst();
    Machine far = MACHINES.getLast();
    Eventually.within(
        SOON, () -> assertEquals("near", page(far, near.address() + ":" + nodePort).ok().out()));
    Command.Result logs = kubectl.run("logs", "on-near").ok();
    assertTrue(
        (logs.out() + logs.err()).contains(far.address()),
        "the client's own address arrives: " + logs);
    page(near, FIRST + ":" + nodePort).failed();
    page(near, far.address() + ":" + nodePort).failed();
    Eventually.within(SOON, () -> assertEquals("near", pageIn("on-near", inner).ok().out()));
    pageIn("on-far", inner).failed();
    pageIn("on-first", inner).failed();
    kubectl
        .run(
            "patch", "service", "inner", "-p", "{\"spec\":{\"internalTrafficPolicy\":\"Cluster\"}}")
        .ok();
    Eventually.within(SOON, () -> assertEquals("near", pageIn("on-far", inner).ok().out()));
    kubectl
        .run(
            "patch", "service", "outer", "-p", "{\"spec\":{\"externalTrafficPolicy\":\"Cluster\"}}")
        .ok();
    Eventually.within(
        SOON, () -> assertEquals("near", page(near, FIRST + ":" + nodePort).ok().out()));
  }

  private static Command.Result page(Machine from, String address) {
    String wget = BusyboxImage.BUSYBOX.toString();
    return stripped(
        Command.run(
            Duration.ofSeconds(10),
            Map.of(),
            from.inside(
                List.of(
                    wget, "timeout", "3", wget, "wget", "-q", "-O", "-", "http://" + address))));
  }

  private static Command.Result pageIn(String pod, String address) {
    return stripped(
        kubectl.run(
            "exec", pod, "--", "timeout", "3", "wget", "-q", "-O", "-", "http://" + address));
  }

  private static Command.Result stripped(Command.Result result) {
    return new Command.Result(result.command(), result.code(), result.out().strip(), result.err());
  }

  @Test
  @Order(3)
  void anImageThatOnlyOneNodeHasIsJudgedAndRunsNowhereElse() throws IOException {
    importOnly(MACHINES.getFirst());
    kubectl.run("create", "namespace", "judged").ok();
    kubectl.apply(
        """
        apiVersion: image.bulwark.io/v1alpha1
        kind: ImagePolicy
        metadata: {name: policy, namespace: judged}
        spec: {maximumSeverity: Medium}
        """);
    judged("on-near", "near", ONLY_NEAR);
    kubectl
        .run("wait", "pod/on-near", "-n", "judged", "--for=condition=Ready", "--timeout=90s")
        .ok();
    String pinned = judged("on-near", "{.spec.containers[0].image}");
    assertTrue(pinned.startsWith(ONLY_NEAR + "@sha256:"), pinned);
    judged("absent", "far", pinned);
    Eventually.within(SOON, () -> assertNotPulled("absent"));
    Path other = Files.writeString(scratch.resolve("busybox-rootfs/etc/other"), "other content");
    importOnly(MACHINES.getLast());
    Files.delete(other);
    judged("other", "far", pinned);
    Eventually.within(SOON, () -> assertNotPulled("other"));
  }

  private static void importOnly(Machine machine) {
    Program.run(
            "image",
            "build",
            "--from",
            scratch.resolve("busybox-rootfs").toString(),
            "--tag",
            ONLY_NEAR,
            "--data-dir",
            machine.data().toString())
        .ok();
  }

  private static void judged(String pod, String node, String image) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: judged}
        spec:
          nodeSelector: {kubernetes.io/hostname: %s}
          terminationGracePeriodSeconds: 1
          containers: [{name: sleep, image: "%s", command: [sleep, "3600"]}]
        """
            .formatted(pod, node, image));
  }

  private static String judged(String pod, String path) {
    return kubectl.ask("get", "pod", pod, "-n", "judged", "-o", "jsonpath=" + path);
  }

  private static void assertNotPulled(String pod) {
    String why = judged(pod, "{.status.containerStatuses[0].state.waiting.reason}");
    assertTrue(why.equals("ErrImagePull") || why.equals("ImagePullBackOff"), why);
  }

  @Test
  @Order(4)
  void aDeadNodeIsNoticedAndItsReturnIsClean() throws Exception {
    kubectl.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: moving}
        spec:
          replicas: 1
          selector: {matchLabels: {app: moving}}
          template:
            metadata: {labels: {app: moving}}
            spec:
              terminationGracePeriodSeconds: 1
              tolerations:
              - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 1}
              affinity:
                nodeAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [near]}]}
              containers:
              - {name: sleep, image: "registry.bulwark.local/busybox:1", command: [sleep, "3600"]}
        """);
    kubectl.run("rollout", "status", "deploy/moving", "--timeout=60s").ok();
    assertEquals(
        "near",
        kubectl.ask("get", "pods", "-l", "app=moving", "-o", "jsonpath={.items[0].spec.nodeName}"));
    Machine near = MACHINES.getFirst();
    near.kill();
    Eventually.within(
        Duration.ofSeconds(120),
        () -> {
          String nodes =
              kubectl.ask(
                  "get",
                  "pods",
                  "-l",
                  "app=moving",
                  "--field-selector",
                  "status.phase=Running",
                  "-o",
                  "jsonpath={range .items[?(@.status.conditions[0].status)]}{.spec.nodeName} {end}");
          assertTrue(nodes.contains("first") || nodes.contains("far"), nodes);
        });
    Command.Result token = Program.run("token", "create", "--data-dir", first.toString()).ok();
    near.join(token.out().strip(), token.err().replaceAll("(?s).*--ca-hash (\\S+).*", "$1"));
    kubectl.run("wait", "node/near", "--for=condition=Ready", "--timeout=90s").ok();
    Eventually.within(
        SOON,
        () ->
            assertEquals(
                1, kubectl.ask("get", "pods", "-l", "app=moving", "-o", "name").lines().count()));
  }

  @Test
  @Order(5)
  void routesGoWithTheirNodesAndWithTheCluster() throws Exception {
    Machine near = MACHINES.getFirst();
    Machine far = MACHINES.getLast();
    String ranges = "jsonpath={.spec.podCIDR}";
    String nearRange = kubectl.ask("get", "node", "near", "-o", ranges);
    String farRange = kubectl.ask("get", "node", "far", "-o", ranges);
    assertTrue(routes().contains(nearRange + " via "), routes());
    assertTrue(routes().contains(farRange + " via "), routes());
    far.kill();
    kubectl.run("delete", "node", "far").ok();
    Eventually.within(SOON, () -> assertFalse(routes().contains(farRange), routes()));
    Eventually.within(
        SOON,
        () -> {
          String there =
              Command.run(
                      Duration.ofSeconds(10), Map.of(), near.inside(List.of("ip", "-4", "route")))
                  .ok()
                  .out();
          assertFalse(there.contains(farRange), there);
        });
    near.kill();
    Program.run("down", "--data-dir", first.toString()).ok();
    assertFalse(routes().contains(nearRange), routes());
  }

  private static String routes() {
    return Command.run(Duration.ofSeconds(10), Map.of(), List.of("ip", "-4", "route", "show"))
        .ok()
        .out();
  }
}
