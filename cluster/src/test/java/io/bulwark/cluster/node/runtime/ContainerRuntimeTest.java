package io.bulwark.cluster.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.node.OwnContainerd;
import io.bulwark.cluster.node.containerd.ContainerdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContainerRuntimeTest {
  private static OwnContainerd containerd;

  @BeforeAll
  static void start() throws Exception {
    containerd = OwnContainerd.start();
  }

  @AfterAll
  static void stop() throws Exception {
    containerd.close();
  }

  @Test
  void aBuiltImageRunsInASandboxOnTheBuiltPauseImage() throws Exception {
    ContainerRuntime runtime = containerd.runtime();
    assertTrue(runtime.health().ready(), runtime.health().problem());
    ImageState image = runtime.images().find(OwnContainerd.BUSYBOX);
    assertNotNull(image);
    Path logs = Files.createDirectories(containerd.directory().resolve("logs/one"));
    SandboxSpec pod = sandbox("one", logs);
    String sandbox = runtime.runSandbox(pod);
    SandboxState state = runtime.sandbox(sandbox);
    assertTrue(state.ready());
    assertTrue(state.addresses().getFirst().startsWith("10.199."), state.toString());

    LinkedBlockingQueue<String> ended = new LinkedBlockingQueue<>();
    try (RuntimeNotices notices = runtime.notices()) {
      Thread.ofVirtual().start(() -> listen(notices, ended));
      ContainerSpec spec = container(image.id(), "echo to-the-log; exec sleep 1000");
      String id = runtime.createContainer(sandbox, spec, pod);
      runtime.startContainer(id);
      assertTrue(runtime.container(sandbox, id).running());
      ExecResult result = runtime.exec(id, List.of("sh", "-c", "id -u; exit 3"), Duration.ZERO);
      assertEquals(3, result.exitCode());
      assertEquals("1000\n", result.text());

      runtime.stopContainer(id, Duration.ofSeconds(0));
      ContainerState after = runtime.container(sandbox, id);
      assertEquals(137, after.exitCode());
      assertTrue(Files.readString(logs.resolve("main/0.log")).endsWith("stdout F to-the-log\n"));
      assertEquals(id, ended.poll(10, TimeUnit.SECONDS));
    }
    runtime.stopSandbox(sandbox);
    runtime.removeSandbox(sandbox);
    assertTrue(runtime.sandboxes().stream().noneMatch(each -> each.id().equals(sandbox)));
  }

  @Test
  void aSecondStartAdoptsTheRunningContainerd() throws Exception {
    ContainerdProcess process = containerd.process();
    String before = Files.readString(containerd.directory().resolve("containerd/containerd.pid"));
    process.start();
    String after = Files.readString(containerd.directory().resolve("containerd/containerd.pid"));
    assertEquals(before, after);
    assertTrue(process.alive());
  }

  @Test
  void whatIsMissingIsNotFound() {
    RuntimeFailure failure =
        org.junit.jupiter.api.Assertions.assertThrows(
            RuntimeFailure.class, () -> containerd.runtime().container("none", "none"));
    assertTrue(failure.notFound());
    assertFalse(failure.unavailable());
    assertTrue(failure.getMessage().startsWith("rpc error: code = NotFound desc = "));
  }

  private static void listen(RuntimeNotices notices, LinkedBlockingQueue<String> ended) {
    try {
      notices.forEach(ended::add);
    } catch (RuntimeFailure closed) {
      // The test is over.
    }
  }

  private static SandboxSpec sandbox(String name, Path logs) {
    return new SandboxSpec(
        "default",
        name,
        "uid-" + name,
        0,
        name,
        logs,
        new SandboxSpec.Resolver(List.of("10.96.0.10"), List.of(), List.of()),
        List.of(),
        Map.of("io.kubernetes.pod.uid", "uid-" + name),
        Map.of(),
        "/bulwark-test/" + name,
        Map.of(),
        Namespaces.OWN,
        false,
        new Seccomp.RuntimeDefault(),
        null,
        null,
        List.of());
  }

  private static ContainerSpec container(String imageId, String script) {
    return new ContainerSpec(
        "main",
        0,
        imageId,
        OwnContainerd.BUSYBOX,
        List.of("sh", "-c", script),
        List.of(),
        "",
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        "main/0.log",
        false,
        false,
        false,
        new Limits(102, 50_000, 100_000, 64L << 20, 0),
        new ContainerSpec.Confinement(
            false,
            List.of(),
            List.of("ALL"),
            1000L,
            null,
            "",
            List.of(),
            true,
            true,
            List.of(),
            List.of(),
            new Seccomp.RuntimeDefault(),
            Namespaces.OWN));
  }
}
