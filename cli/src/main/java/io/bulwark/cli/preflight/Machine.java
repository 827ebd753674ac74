package io.bulwark.cli.preflight;

import java.nio.file.Path;

/**
 * What the checks look at.
 *
 * @param dataDirectory of the cluster, which may not exist yet
 * @param port that the API server will listen on
 * @param node whether containers will run here
 * @param proc normally {@code /proc}
 * @param sys normally {@code /sys}
 */
public record Machine(Path dataDirectory, int port, boolean node, Path proc, Path sys) {
  public static Machine here(Path dataDirectory, int port, boolean node) {
    return new Machine(dataDirectory, port, node, Path.of("/proc"), Path.of("/sys"));
  }
}
