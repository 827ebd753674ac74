package io.bulwark.cluster;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.node.containerd.ContainerdProcess;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's own containerd is kept running, whoever ends it. */
class RuntimeRoleTest {
  @TempDir Path directory;

  @Test
  void aContainerdThatIsKilledIsStartedAgain() throws Exception {
    RuntimeRole role = new RuntimeRole(directory);
    ContainerdProcess process = new ContainerdProcess(MachineImages.containerd(directory));
    try {
      role.start();
      ContainerRuntime runtime = role.runtime();
      role.keep();
      assertTrue(runtime.health().ready());
      String first = pid();
      ProcessHandle killed = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
      killed.destroyForcibly();
      killed.onExit().get(10, TimeUnit.SECONDS);
      awaitHealth(runtime);
      assertNotEquals(first, pid());
    } finally {
      role.close();
      process.stop();
    }
  }

  private String pid() throws Exception {
    return Files.readString(directory.resolve("containerd/containerd.pid"));
  }

  private static void awaitHealth(ContainerRuntime runtime) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        assertTrue(runtime.health().ready());
        return;
      } catch (RuntimeFailure away) {
        assertTrue(System.nanoTime() < end, away.getMessage());
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }
}
