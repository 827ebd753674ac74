package io.bulwark.cli.preflight;

import java.nio.file.Path;

/**
 * What the checks look at.
 *
 * @param dataDirectory of the cluster, which may not exist yet
 * @param port that the API server will listen on
 * @param node whether containers will run here
 * @param root of the machine's file system, normally {@code /}
 */
public record Machine(Path dataDirectory, int port, boolean node, Path root) {
  public static Machine here(Path dataDirectory, int port, boolean node) {
    return new Machine(dataDirectory, port, node, Path.of("/"));
  }

  Path proc() {
    return root.resolve("proc");
  }

  Path sys() {
    return root.resolve("sys");
  }

  Path etc() {
    return root.resolve("etc");
  }
}
