package io.bulwark.cluster.image.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A parser of input that nobody vouches for, with honest inputs to change.
 *
 * @param words pieces that the format gives a meaning
 * @param shifts whether bytes are inserted and deleted as often as they are overwritten; not so
 *     where offsets hold a format together
 * @param finish makes a changed input into what the parser is given: mends sums, compresses
 */
public record Target(
    String name,
    List<byte[]> samples,
    List<byte[]> words,
    boolean shifts,
    Finish finish,
    Parser parser) {
  /** Reads an input: finds something, or fails with an IOException. Anything else is a fault. */
  public interface Parser {
    void parse(byte[] input) throws IOException;
  }

  /** Turns a changed input into the form in which a parser gets it. */
  public interface Finish {
    byte[] of(byte[] changed, SplittableRandom random);
  }

  /** A text format. */
  public static Target text(String name, List<String> samples, List<String> words, Parser parser) {
    return new Target(
        name,
        samples.stream().map(Target::bytes).toList(),
        words.stream().map(Target::bytes).toList(),
        true,
        (changed, random) -> changed,
        parser);
  }

  /** A format of records and offsets. */
  public static Target binary(String name, Parser parser, byte[]... samples) {
    return new Target(
        name, List.of(samples), List.of(), false, (changed, random) -> changed, parser);
  }

  /** The same with something done to each changed input. */
  public Target finished(Finish other) {
    return new Target(name, samples, words, shifts, other, parser);
  }

  /** Pieces of JSON, with these names of members among them. */
  public static List<String> json(String... names) {
    return Stream.concat(
            Stream.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\\",
                "\\u0000",
                "\\ud800",
                "null",
                "true",
                "-1e999999",
                "0",
                "\"\"",
                "{}",
                "[]",
                "{\"a\":",
                "[[[[[[[[",
                "\u00e9",
                "//",
                "NaN",
                "99999999999999999999",
                "9223372036854775807",
                "1.5"),
            Stream.of(names).map(name -> "\"" + name + "\":"))
        .toList();
  }

  /** The text of an input, whatever its bytes. */
  public static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
