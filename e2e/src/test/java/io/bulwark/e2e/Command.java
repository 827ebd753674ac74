package io.bulwark.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, or ends it when its time is up. */
final class Command {
  /**
   * @param code exit code; 137 where the time ran out
   * @param out standard output
   * @param err standard error
   */
  record Result(List<String> command, int code, String out, String err) {
    /** Fails the test with all that the program said unless it ended well. */
    Result ok() {
      if (code != 0) {
        throw new AssertionError(this);
      }
      return this;
    }

    Result failed() {
      if (code == 0) {
        throw new AssertionError(this + "\nshould have failed");
      }
      return this;
    }

    @Override
    public String toString() {
      return String.join(" ", command) + "\nexit code " + code + "\n" + out + "\n" + err;
    }
  }

  private Command() {}

  static Result run(Duration limit, Map<String, String> environment, List<String> command) {
    return run(limit, environment, "", command);
  }

  static Result run(
      Duration limit, Map<String, String> environment, String input, List<String> command) {
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      try {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedEarly) {
          // Its exit code says why.
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
        }
        return new Result(
            command, process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(ended);
    }
  }
}
