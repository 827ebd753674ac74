package io.bulwark.cluster.image.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.registry.Credentials.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs that speak the protocol of credential helpers. */
class CredentialProgramTest {
  @TempDir private Path home;
  private Path programs = Path.of("");

  @BeforeEach
  void directories() throws IOException {
    programs = Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve(".docker"));
  }

  private void program(String name, String script) throws IOException {
    Path file = programs.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private @Nullable Login find(String configuration, String host) throws IOException {
    Files.writeString(home.resolve(".docker/config.json"), configuration);
    String path = programs + ":/usr/bin:/bin";
    return DockerCredentials.usual(Map.of("HOME", home.toString(), "PATH", path)).find(host);
  }

  @Test
  void aHelperIsAskedForTheServerAndNothingElse() throws IOException {
    program(
        "test",
        "[ $# = 1 ] && [ \"$1\" = get ] || exit 9\n"
            + "read -r server || true\n"
            + "printf '{\"ServerURL\":\"%s\",\"Username\":\"for-%s\",\"Secret\":\"s\"}' \"$server\""
            + " \"$server\"");
    assertEquals(
        new Login("for-a.example:5000", "s"),
        find("{\"credHelpers\":{\"a.example:5000\":\"test\"}}", "a.example:5000"));
    assertEquals(
        new Login("for-https://index.docker.io/v1/", "s"),
        find("{\"credsStore\":\"test\"}", "docker.io"));
    assertNull(find("{\"credHelpers\":{\"a.example\":\"test\"}}", "b.example"));
  }

  @Test
  void aHelperThatKnowsNobodyLeavesTheChoiceToTheFile() throws IOException {
    program("empty", "echo credentials not found in native keychain; exit 1");
    String more = "\"auths\":{\"a.example\":{\"username\":\"u\",\"password\":\"p\"}}";
    assertNull(find("{\"credsStore\":\"empty\"}", "a.example"));
    assertEquals(new Login("u", "p"), find("{\"credsStore\":\"empty\"," + more + "}", "a.example"));
  }

  @Test
  void aBrokenHelperIsToldWithoutWhatItSaid() throws IOException {
    program("broken", "echo '{\"Username\":\"u\",\"Secret\":\"hush\"}'; exit 3");
    program("words", "echo hush");
    for (String name : new String[] {"broken", "words"}) {
      IOException failure =
          assertThrows(
              IOException.class, () -> find("{\"credsStore\":\"" + name + "\"}", "a.example"));
      assertTrue(String.valueOf(failure.getMessage()).contains("docker-credential-" + name));
      assertFalse(String.valueOf(failure.getMessage()).contains("hush"), failure.getMessage());
    }
  }

  @Test
  void aHelperIsNoPathAndNoWordsOfAShell() {
    for (String name : new String[] {"../x", "a b", "a;b", "-a", "", "$(id)"}) {
      assertThrows(
          IOException.class, () -> find("{\"credsStore\":\"" + name + "\"}", "a.example"), name);
    }
    assertThrows(IOException.class, () -> find("{\"credsStore\":\"missing\"}", "a.example"));
  }

  @Test
  void aHelperMayNeitherHangNorTalkForever() throws IOException {
    program("hangs", "sleep 600");
    program("talks", "exec yes");
    String path = programs.toString() + ":/usr/bin:/bin";
    IOException late =
        assertThrows(
            IOException.class,
            () -> CredentialProgram.ask("hangs", "a", path, Duration.ofMillis(300)));
    assertTrue(String.valueOf(late.getMessage()).contains("did not answer"), late.getMessage());
    IOException long1 =
        assertThrows(
            IOException.class,
            () -> CredentialProgram.ask("talks", "a", path, Duration.ofMinutes(5)));
    assertTrue(String.valueOf(long1.getMessage()).contains("more than"), long1.getMessage());
  }
}
