package io.bulwark.cluster.image.fuzz;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;

/** How far the inputs of one parser came; on disk between runs. For one thread. */
final class Progress {
  private final String parser;
  private final long seed;
  private long inputs;
  private long refused;
  private long nanos;
  private long faults;

  private Progress(String parser, long seed) {
    this.parser = parser;
    this.seed = seed;
  }

  static Progress fresh(String parser, long seed) {
    return new Progress(parser, seed);
  }

  /** What an earlier run with the same seed left, else the beginning. */
  static Progress of(Path state, String parser, long seed) throws IOException {
    Path file = state.resolve(parser + ".properties");
    Progress fresh = new Progress(parser, seed);
    if (!Files.exists(file)) {
      return fresh;
    }
    Progress read = read(parser, file);
    return read.seed == seed ? read : fresh;
  }

  private static Progress read(String parser, Path file) throws IOException {
    Properties all = new Properties();
    all.load(new StringReader(Files.readString(file)));
    Progress read = new Progress(parser, number(all, "seed"));
    read.inputs = number(all, "inputs");
    read.refused = number(all, "refused");
    read.nanos = number(all, "nanos");
    read.faults = number(all, "faults");
    return read;
  }

  private static long number(Properties all, String name) {
    return Long.parseLong(all.getProperty(name, "0"));
  }

  long seed() {
    return seed;
  }

  long inputs() {
    return inputs;
  }

  long faults() {
    return faults;
  }

  void fault() {
    faults++;
  }

  void add(long now, long more, long took) {
    inputs = now;
    refused += more;
    nanos += took;
  }

  void write(Path state) throws IOException {
    Files.createDirectories(state);
    Path fresh = state.resolve(parser + ".new");
    Files.writeString(
        fresh,
        "seed=%d\ninputs=%d\nrefused=%d\nnanos=%d\nfaults=%d\n"
            .formatted(seed, inputs, refused, nanos, faults));
    Files.move(
        fresh,
        state.resolve(parser + ".properties"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  String line() {
    return "%s: seed %d, %,d inputs, %,d refused, %,d a second, %d faults"
        .formatted(parser, seed, inputs, refused, rate(), faults);
  }

  private long rate() {
    return nanos == 0 ? 0 : inputs * 1_000_000_000L / nanos;
  }

  /** All that is known, as a table of Markdown. */
  static String table(Path state, List<Target> targets) throws IOException {
    StringBuilder table =
        new StringBuilder(
            "| Parser | Inputs | Seed | Refused | Inputs a second | Faults |\n"
                + "|---|---:|---:|---:|---:|---:|\n");
    for (Target target : targets) {
      Path file = state.resolve(target.name() + ".properties");
      Progress known =
          Files.exists(file) ? read(target.name(), file) : new Progress(target.name(), 1);
      table.append(
          "| `%s` | %,d | %d | %d %% | %,d | %d |\n"
              .formatted(
                  known.parser,
                  known.inputs,
                  known.seed,
                  known.inputs == 0 ? 0 : 100 * known.refused / known.inputs,
                  known.rate(),
                  known.faults));
    }
    return table.toString();
  }
}
