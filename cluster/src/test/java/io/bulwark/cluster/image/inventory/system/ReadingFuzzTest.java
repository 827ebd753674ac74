package io.bulwark.cluster.image.inventory.system;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingFuzzTest {
  @ParameterizedTest
  @ValueSource(strings = {"tar", "dpkg", "apk", "sqlite", "ndb", "berkeley"})
  void noInputBreaksAReader(String reader) throws Exception {
    String result = ReadingFuzz.run(reader, 5_000, 1);
    boolean refuses = !reader.equals("dpkg") && !reader.equals("apk");
    assertFalse(refuses && result.contains(" 0 refused"), result);
  }
}
