package io.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which arguments are obeyed before picocli has read them. */
class DetachedTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "up --detach",
        "up --data-dir /tmp/x --detach",
        "up --detach --data-dir=/tmp/x",
        "up --detach --no-such-option"
      })
  void plainOnesAre(String line) {
    assertTrue(Detached.asked(line.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "up --detach --help",
        "up --detach=true",
        "up --detach --data-dir",
        "up --data-dir --detach",
        "up --detach --data-dir a --data-dir=b",
        "down --detach"
      })
  void othersAreLeftToPicocli(String line) {
    assertFalse(Detached.asked(line.split(" ")));
  }
}
