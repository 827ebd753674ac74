package io.bulwark.cluster.image.build;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about the process that it runs.
 *
 * @param architecture as Go names it: {@code amd64}, {@code arm64}
 * @param entrypoint the program and its first arguments; empty for none
 * @param command further arguments that a pod may replace
 * @param user {@code uid}, {@code uid:gid} or names from the image's own passwd; null for root
 * @param environment variables by name
 * @param workingDirectory absolute, or null for the root directory
 * @param stopSignal by name or number, such as {@code SIGQUIT}; null for SIGTERM
 */
public record ImageConfiguration(
    String architecture,
    List<String> entrypoint,
    List<String> command,
    @Nullable String user,
    Map<String, String> environment,
    @Nullable String workingDirectory,
    @Nullable String stopSignal) {
  public ImageConfiguration {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (workingDirectory != null && !workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "working directory " + workingDirectory + " is not absolute");
    }
    if (stopSignal != null && !stopSignal.matches("(SIG)?[A-Z][A-Z0-9+-]*|[1-9][0-9]?")) {
      throw new IllegalArgumentException("\"" + stopSignal + "\" is no signal");
    }
  }

  /** An image for this machine that runs a program as root. */
  public static ImageConfiguration running(String... entrypoint) {
    return new ImageConfiguration(
        machine(), List.of(entrypoint), List.of(), null, Map.of(), null, null);
  }

  /** This machine's architecture as Go names it. */
  public static String machine() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> name;
    };
  }

  Tree config() {
    Tree config = new Tree();
    Map<String, String> variables = new java.util.TreeMap<>(environment);
    variables.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    TreeList list = new TreeList();
    variables.forEach((name, value) -> list.add(name + "=" + value));
    config.put("Env", list);
    if (!entrypoint.isEmpty()) {
      config.put("Entrypoint", new TreeList(entrypoint));
    }
    if (!command.isEmpty()) {
      config.put("Cmd", new TreeList(command));
    }
    if (user != null && !user.isEmpty()) {
      config.put("User", user);
    }
    if (workingDirectory != null) {
      config.put("WorkingDir", workingDirectory);
    }
    if (stopSignal != null) {
      config.put("StopSignal", stopSignal);
    }
    return config;
  }
}
