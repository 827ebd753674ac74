package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Limits of containers need control groups, version 2 or 1, with cpu, memory and pids. */
final class ControlGroupCheck implements Check {
  private static final List<String> NEEDED = List.of("cpu", "memory", "pids");

  @Override
  public List<Finding> look(Machine machine) {
    if (!machine.node()) {
      return List.of();
    }
    Path root = machine.sys().resolve("fs/cgroup");
    Path unified = root.resolve("cgroup.controllers");
    try {
      List<String> missing;
      if (Files.exists(unified)) {
        List<String> present = List.of(Files.readString(unified).trim().split("\\s+"));
        missing = NEEDED.stream().filter(name -> !present.contains(name)).toList();
      } else {
        missing = NEEDED.stream().filter(name -> !Files.isDirectory(root.resolve(name))).toList();
      }
      return missing.isEmpty()
          ? List.of()
          : List.of(
              Finding.fatal(
                  "control groups without " + String.join(", ", missing) + " under " + root,
                  "mount them, or start the kernel with cgroup_enable=memory"));
    } catch (IOException unreadable) {
      return List.of(Finding.fatal("cannot read " + unified, unreadable.toString()));
    }
  }
}
