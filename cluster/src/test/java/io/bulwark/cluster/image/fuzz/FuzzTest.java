package io.bulwark.cluster.image.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
                    () ->
                        target
                            .parser()
                            .parse(
                                target
                                    .finish()
                                    .of(
                                        target.samples().getFirst().clone(),
                                        new java.util.SplittableRandom(1)))));
  }
}
