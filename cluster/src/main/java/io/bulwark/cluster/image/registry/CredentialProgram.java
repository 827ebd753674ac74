package io.bulwark.cluster.image.registry;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.registry.Credentials.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Programs that keep users of registries: {@code docker-credential-NAME} on the path. They are run
 * directly, never by a shell, and what they answer is in no message.
 *
 * <p>Source: docs.docker.com, "docker login", section "Credential helper protocol";
 * docker-credential-helpers, {@code credentials/error.go}.
 */
final class CredentialProgram {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LARGEST = 1 << 20;
  private static final String UNKNOWN = "credentials not found in native keychain";

  private CredentialProgram() {}

  /**
   * Asks a helper for the user of a registry; null if it knows none.
   *
   * @param path where programs are looked for, directories with colons between them; only absolute
   *     ones count
   * @throws IOException if the helper cannot be run, fails, or does not answer in 30 seconds with
   *     at most a mebibyte
   */
  static @Nullable Login ask(String name, String server, String path) throws IOException {
    return ask(name, server, path, PATIENCE);
  }

  static @Nullable Login ask(String name, String server, String path, Duration patience)
      throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException("no credential helper can be called " + name);
    }
    String program = "docker-credential-" + name;
    Process process = start(program, path);
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      Thread.ofVirtual().name(program).start(() -> converse(process, server, answer));
      byte[] said = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (said.length > LARGEST) {
        throw new IOException(program + " answered with more than " + LARGEST + " bytes");
      }
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() == 0) {
        return answered(program, said);
      }
      if (new String(said, StandardCharsets.UTF_8).strip().equals(UNKNOWN)) {
        return null;
      }
      throw new IOException(program + " failed with exit code " + process.exitValue());
    } catch (TimeoutException late) {
      throw new IOException(program + " did not answer in " + patience.toSeconds() + " seconds");
    } catch (ExecutionException broken) {
      throw new IOException(program + " could not be read");
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " ran");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Process start(String program, String path) throws IOException {
    for (String directory : path.split(":")) {
      Path file = directory.startsWith("/") ? Path.of(directory, program) : null;
      if (file != null && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return new ProcessBuilder(file.toString(), "get")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
      }
    }
    throw new IOException("the credential helper " + program + " is not on the path");
  }

  private static void converse(Process process, String server, CompletableFuture<byte[]> answer) {
    try {
      try (var out = process.getOutputStream()) {
        out.write(server.getBytes(StandardCharsets.UTF_8));
      } catch (IOException unread) {
        // A helper may answer without reading what it is asked.
      }
      answer.complete(process.getInputStream().readNBytes(LARGEST + 1));
    } catch (IOException broken) {
      answer.completeExceptionally(broken);
    }
  }

  /** Reads a helper's answer; null if it names nobody. */
  static @Nullable Login answered(String program, byte[] answer) throws IOException {
    try {
      Tree login = Json.read(answer);
      String user = login.textOrEmpty("Username");
      return user.isEmpty() ? null : new Login(user, login.textOrEmpty("Secret"));
    } catch (RuntimeException malformed) {
      throw new IOException(program + " did not answer with a JSON object");
    }
  }
}
