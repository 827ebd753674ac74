package io.bulwark.cluster.image.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The short form of {@code benchmarks/fuzz}. */
class FuzzTest {
  @TestFactory
  Stream<DynamicTest> noInputBreaksAParser() throws Exception {
    return Targets.all().stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.name(), () -> assertEquals(0, Fuzz.faults(target, 2_000, 7))));
  }

  @TestFactory
  Stream<DynamicTest> anHonestInputIsRead() throws Exception {
    return Targets.all().stream()
        .map(
            target ->
                DynamicTest.dynamicTest(
                    target.name(),
                    () -> assertTrue(IntStream.range(0, 32).anyMatch(i -> read(target, i)))));
  }

  /** Finishing may damage what it is given, but not always. */
  private static boolean read(Target target, int seed) {
    byte[] honest = target.samples().getFirst().clone();
    try {
      target.parser().parse(target.finish().of(honest, new SplittableRandom(seed)));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
