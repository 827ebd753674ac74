package io.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Wrong flags and states end {@code up} with one line that says why, before anything is made. */
class UpRefusalTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --port=70000                                | --port 70000 is no port; give one from 1 to 65535, or 0 for any free one
          --port=-1                                   | --port -1 is no port; give one from 1 to 65535, or 0 for any free one
          --simulated-nodes=10001                     | --simulated-nodes takes a number from 0 to 10000
          --controllers=no-such-controller            | --controllers:
          --vulnerability-source=http://example.org/x | --vulnerability-source:
          --detach=true                               | write --detach without a value
          """)
  void wrongOptions(String option, String said) {
    Refusal refusal = refused("--simulated-nodes=1", option);
    assertTrue(String.valueOf(refusal.getMessage()).startsWith(said), refusal.getMessage());
  }

  @Test
  void aPortThatAnotherHas() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      assertEquals(
          "this machine is not ready; see above",
          refused("--simulated-nodes=1", "--port=" + other.getLocalPort()).getMessage());
    }
  }

  @Test
  void aClusterThatRuns() throws Exception {
    new RunningProcess(data()).record(ProcessHandle.current());
    assertEquals(
        "already running as process %d; stop it with: bulwark down --data-dir %s"
            .formatted(ProcessHandle.current().pid(), data()),
        assertThrows(Refusal.class, () -> command("--port=0").call()).getMessage());
  }

  @Test
  void aClusterThatStartsAtTheSameTimeKeepsItsDirectoryAndItsRecord() throws Exception {
    RunningProcess first = new RunningProcess(data());
    first.claim();
    RunningProcess second = new RunningProcess(data());
    assertTrue(second.claimed());
    assertEquals(
        "already running as process %d; stop it with: bulwark down --data-dir %s"
            .formatted(ProcessHandle.current().pid(), data()),
        assertThrows(Refusal.class, second::claim).getMessage());
    ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
    second.record(other);
    first.forget();
    assertEquals(other.pid(), second.find().orElseThrow().pid());
  }

  @Test
  void aPathWithBlanksIsQuotedInTheLineToPaste() {
    assertEquals("/a/b-c.d", Welcome.shellWord("/a/b-c.d"));
    assertEquals("'/a b'\\''c'", Welcome.shellWord("/a b'c"));
  }

  @Test
  void anotherProcessWithTheSameNumberIsNoCluster() throws Exception {
    Files.createDirectories(data().resolve("run"));
    Files.writeString(
        data().resolve("run/bulwark.pid"),
        ProcessHandle.current().pid() + "\n2001-01-01T00:00:00Z\n");
    assertTrue(new RunningProcess(data()).find().isEmpty());
  }

  private Refusal refused(String... options) {
    Refusal refusal = assertThrows(Refusal.class, () -> command(options).call());
    assertFalse(Files.exists(data()), "nothing is made before a refusal");
    return refusal;
  }

  private UpCommand command(String... options) {
    UpCommand command = new UpCommand();
    CommandLine line = new CommandLine(command);
    line.setOverwrittenOptionsAllowed(true);
    line.parseArgs(options);
    assertTrue(command.take("--data-dir", data().toString()));
    return command;
  }

  private Path data() {
    return directory.resolve("data");
  }
}
