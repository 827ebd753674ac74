package io.bulwark.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged program, run as the launcher runs it. */
final class Program {
  static final Path HOME = Path.of(System.getProperty("bulwark.home", "..")).toAbsolutePath();

  private Program() {}

  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            HOME.resolve("cli/target/bulwark.jar").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  static Command.Result run(String... arguments) {
    return Command.run(
        Duration.ofMinutes(3), Map.of("BULWARK_HOME", HOME.toString()), command(arguments));
  }
}
