package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs that rotate, containers that look into pods, and packets from elsewhere. */
@ExtendWith(TestCluster.class)
class NodeLifeIT {
  private static final String NAMESPACE = "node-life";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LINES = 130_000;

  @BeforeAll
  static void namespace(Kubectl kubectl) {
    kubectl.run("create", "namespace", NAMESPACE).ok();
  }

  private static void apply(Kubectl kubectl, String manifest) {
    kubectl.feed(manifest, "-n", NAMESPACE, "apply", "-f", "-").ok();
  }

  private static void ready(Kubectl kubectl, String... what) {
    String[] command = {"-n", NAMESPACE, "wait", "--for=condition=Ready", "--timeout=60s"};
    kubectl
        .run(
            java.util.stream.Stream.of(command, what)
                .flatMap(java.util.stream.Stream::of)
                .toArray(String[]::new))
        .ok();
  }

  @Test
  void aLogThatRotatesIsFollowedToItsEnd(Kubectl kubectl) {
    apply(
        kubectl,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: talker}
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: registry.bulwark.local/busybox:1
            command:
            - sh
            - -c
            - |
              sleep 3
              awk 'BEGIN{for(i=1;i<=%d;i++) print "line " i " and more text, so that the file soon is as large as it may be"}'
              sleep 13
              echo last
        """
            .formatted(LINES));
    ready(kubectl, "pod/talker");
    List<String> lines =
        kubectl.run("-n", NAMESPACE, "logs", "-f", "talker").ok().out().lines().toList();
    assertEquals("last", lines.getLast());
    assertEquals(LINES + 1, lines.size());
    assertTrue(lines.get(LINES - 1).startsWith("line " + LINES + " "), lines.get(LINES - 1));
    int kept = kubectl.run("-n", NAMESPACE, "logs", "talker").ok().out().lines().toList().size();
    assertTrue(kept < LINES, "the file was rotated: " + kept);
  }

  @Test
  void kubectlDebugLooksIntoAPod(Kubectl kubectl) {
    apply(
        kubectl,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: watched}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: registry.bulwark.local/busybox:1
            command: [sleep, "4321"]
        """);
    ready(kubectl, "pod/watched");
    kubectl
        .run(
            "-n",
            NAMESPACE,
            "debug",
            "watched",
            "--image=registry.bulwark.local/busybox:1",
            "-c",
            "looker",
            "--target=main",
            "--profile=baseline",
            "--",
            "sh",
            "-c",
            "echo looking; sleep 1000")
        .ok();
    Eventually.within(
        SOON,
        () ->
            assertEquals(
                "looking", kubectl.ask("-n", NAMESPACE, "logs", "watched", "-c", "looker")));
    assertEquals(
        "sleep4321",
        kubectl.ask(
            "-n",
            NAMESPACE,
            "exec",
            "watched",
            "-c",
            "looker",
            "--",
            "sh",
            "-c",
            "tr -d '\\0' < /proc/1/cmdline"));
  }

  private static String page(String name) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s, labels: {app: pages}}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: registry.bulwark.local/busybox:1
            command: [sh, -c, "echo %1$s > /www/index.html; exec httpd -f -p 8080 -h /www"]
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        ---
        """
        .formatted(name);
  }

  @Test
  void servicesKeepTheirClientsAndNodePortsServeOtherNetworks(Kubectl kubectl) {
    apply(
        kubectl,
        page("one")
            + page("two")
            + page("three")
            + """
            apiVersion: v1
            kind: Service
            metadata: {name: pages}
            spec:
              type: NodePort
              selector: {app: pages}
              sessionAffinity: ClientIP
              externalTrafficPolicy: Local
              ports: [{port: 80, targetPort: 8080}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: client}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - {name: main, image: "registry.bulwark.local/busybox:1", command: [sleep, "3600"]}
            """);
    ready(kubectl, "pod/one", "pod/two", "pod/three", "pod/client");
    Eventually.within(SOON, () -> assertEquals(1, answers(kubectl).size()));
    kubectl.ask(
        "-n",
        NAMESPACE,
        "patch",
        "service",
        "pages",
        "-p",
        "{\"spec\":{\"sessionAffinity\":\"None\"}}");
    Eventually.within(SOON, () -> assertEquals(3, answers(kubectl).size()));

    String port =
        kubectl.ask(
            "-n", NAMESPACE, "get", "service", "pages", "-o", "jsonpath={.spec.ports[0].nodePort}");
    String space = "bw-far-" + ProcessHandle.current().pid();
    try {
      ip("netns add " + space);
      ip("link add bwfar0 type veth peer name bwfar1 netns " + space);
      ip("address add 10.251.77.1/30 dev bwfar0");
      ip("link set bwfar0 up");
      ip("-n " + space + " address add 10.251.77.2/30 dev bwfar1");
      ip("-n " + space + " link set bwfar1 up");
      Eventually.within(
          SOON,
          () ->
              assertTrue(
                  Set.of("one", "two", "three")
                      .contains(
                          Command.run(
                                  SOON,
                                  Map.of(),
                                  List.of(
                                      "ip",
                                      "netns",
                                      "exec",
                                      space,
                                      "timeout",
                                      "5",
                                      Program.HOME.resolve(".tools/busybox/bin/busybox").toString(),
                                      "wget",
                                      "-q",
                                      "-O",
                                      "-",
                                      "http://10.251.77.1:" + port + "/"))
                              .out()
                              .strip())));
    } finally {
      Command.run(SOON, Map.of(), List.of("ip", "netns", "delete", space));
      Command.run(SOON, Map.of(), List.of("ip", "link", "delete", "bwfar0"));
    }
  }

  private static void ip(String arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Command.run(SOON, Map.of(), command).ok();
  }

  /** Who answered twenty requests of one client. */
  private static Set<String> answers(Kubectl kubectl) {
    String script =
        "for i in $(seq 20); do timeout 5 wget -q -O - http://pages." + NAMESPACE + "/ ; done";
    return new TreeSet<>(
        kubectl
            .run("-n", NAMESPACE, "exec", "client", "--", "sh", "-c", script)
            .ok()
            .out()
            .lines()
            .toList());
  }
}
