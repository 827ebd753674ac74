package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data directory must be writable and have room. */
final class DiskCheck implements Check {
  private static final long LEAST = 64L << 20;
  private static final long COMFORTABLE = 2L << 30;

  @Override
  public List<Finding> look(Machine machine) {
    Path existing = machine.dataDirectory();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return List.of();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return List.of(
          Finding.fatal(
              "cannot write to " + machine.dataDirectory(), "choose another with --data-dir"));
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      if (free < LEAST) {
        return List.of(
            Finding.fatal(
                "only %d MB free at %s".formatted(free >> 20, existing),
                "free some space, or choose another place with --data-dir"));
      }
      if (machine.node() && free < COMFORTABLE) {
        return List.of(
            Finding.warning(
                "only %d MB free at %s".formatted(free >> 20, existing),
                "images and containers will need more"));
      }
    } catch (IOException unknown) {
      return List.of(
          Finding.warning("cannot tell the free space of " + existing, unknown.toString()));
    }
    return List.of();
  }
}
