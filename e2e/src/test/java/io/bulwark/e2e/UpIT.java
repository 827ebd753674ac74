package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that starts a cluster, as the launcher gives it when it trains for fast starts. */
class UpIT {
  @Test
  void takesAnyFreePortForZero(@TempDir Path directory) {
    String data = directory.resolve("data").toString();
    try {
      Command.Result up =
          Program.run(
              "up",
              "--detach",
              "--data-dir",
              data,
              "--port",
              "0",
              "--simulated-nodes",
              "1",
              "--advertise-address",
              "127.0.0.1");
      assertFalse(up.ok().out().contains("127.0.0.1:0 "), up.toString());
      Path kubeconfig = Path.of(Program.run("kubeconfig", "--data-dir", data).ok().out().strip());
      assertEquals("ok", Kubectl.newest(kubeconfig).run("get", "--raw", "/readyz").ok().out());
    } finally {
      Program.run("reset", "--data-dir", data).ok();
    }
  }

  @Test
  void downLetsContainersEndAndLeavesNoGroups(@TempDir Path directory) throws IOException {
    String data = directory.resolve("data").toString();
    Path notes = Files.createDirectory(directory.resolve("notes"));
    try {
      Program.run("up", "--detach", "--data-dir", data, "--port", "0", "--node-name", "down").ok();
      BusyboxImage.importInto(Path.of(data), directory);
      Path kubeconfig = Path.of(Program.run("kubeconfig", "--data-dir", data).ok().out().strip());
      Kubectl kubectl = Kubectl.newest(kubeconfig);
      kubectl
          .feed(
              """
              apiVersion: v1
              kind: Namespace
              metadata: {name: ends, labels: {pod-security.kubernetes.io/enforce: privileged}}
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: polite, namespace: ends}
              spec:
                containers:
                - name: main
                  image: %s
                  command:
                  - sh
                  - -c
                  - |
                    trap 'echo bye > /notes/bye; exit 0' TERM
                    while :; do sleep 0.1; done
                  volumeMounts: [{name: notes, mountPath: /notes}]
                volumes: [{name: notes, hostPath: {path: %s}}]
              """
                  .formatted(BusyboxImage.NAME, notes),
              "create",
              "-f",
              "-")
          .ok();
      String[] ready = {
        "-n", "ends", "wait", "--for=condition=Ready", "--timeout=60s", "pod/polite"
      };
      kubectl.run(ready).ok();
      String group =
          "pod"
              + kubectl.ask("-n", "ends", "get", "pod", "polite", "-o", "jsonpath={.metadata.uid}");
      assertFalse(groups(group).isEmpty());

      Program.run("down", "--data-dir", data).ok();

      assertEquals("bye\n", Files.readString(notes.resolve("bye")));
      assertEquals(List.of(), groups(group));
    } finally {
      Program.run("reset", "--data-dir", data).ok();
    }
    assertFalse(Files.exists(Path.of(data)));
  }

  private static List<Path> groups(String name) throws IOException {
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      return hierarchies
          .flatMap(
              hierarchy ->
                  Stream.of("kubepods", "kubepods/burstable", "kubepods/besteffort")
                      .flatMap(
                          above ->
                              Stream.of(
                                  hierarchy.resolve(above).resolve(name),
                                  hierarchy.resolveSibling(above).resolve(name))))
          .filter(Files::isDirectory)
          .toList();
    }
  }
}
