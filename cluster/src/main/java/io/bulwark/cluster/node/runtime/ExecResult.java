package io.bulwark.cluster.node.runtime;

import java.nio.charset.StandardCharsets;

/** What a command in a container left. */
public record ExecResult(int exitCode, byte[] out, byte[] error) {
  /** Both outputs, first the ordinary one. */
  public String text() {
    return new String(out, StandardCharsets.UTF_8) + new String(error, StandardCharsets.UTF_8);
  }
}
