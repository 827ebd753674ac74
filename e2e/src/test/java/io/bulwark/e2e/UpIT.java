package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
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
}
