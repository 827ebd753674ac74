package io.bulwark.cluster.network.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands in this process's own network namespace. */
public final class CommandKernel implements Kernel {
  private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  @Override
  public String run(List<String> command, String input) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", PATH);
    try {
      Process process = builder.start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException endedEarly) {
        // Its exit code and words say why.
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new Refused(String.join(" ", command) + ": exit code " + code + ": " + output);
      }
      return output;
    } catch (IOException missing) {
      throw new Refused(command.getFirst() + ": " + missing.getMessage());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new Refused(String.join(" ", command) + ": interrupted");
    }
  }
}
