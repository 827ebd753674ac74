package io.bulwark.cluster.image.fuzz;

import java.nio.file.Path;
import java.util.Set;

/** What the command line of {@link Fuzz} says. */
record Options(
    Set<String> parsers,
    long inputs,
    long seed,
    Path state,
    boolean again,
    boolean list,
    boolean table) {
  static Options of(String[] arguments) {
    Set<String> parsers = Set.of();
    long inputs = 10_000_000;
    long seed = 1;
    Path state = Path.of("benchmarks/results/fuzz");
    boolean again = false;
    boolean list = false;
    boolean table = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--parser" -> parsers = Set.of(arguments[++i].split(","));
        case "--inputs" -> inputs = Long.parseLong(arguments[++i].replace("_", ""));
        case "--seed" -> seed = Long.parseLong(arguments[++i]);
        case "--state" -> state = Path.of(arguments[++i]);
        case "--again" -> again = true;
        case "--list" -> list = true;
        case "--table" -> table = true;
        default -> throw new IllegalArgumentException("unknown: " + arguments[i]);
      }
    }
    return new Options(parsers, inputs, seed, state, again, list, table);
  }

  boolean wants(String parser) {
    return parsers.isEmpty() || parsers.contains(parser);
  }
}
