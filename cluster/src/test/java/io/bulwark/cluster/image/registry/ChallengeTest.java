package io.bulwark.cluster.image.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void parametersMayBeQuotedAndHoldQuotes() {
    assertEquals(
        new Challenge("bearer", Map.of("realm", "https://a/t", "service", "the \"s\"", "x", "1")),
        Challenge.best(
            List.of(
                "Basic realm=\"b\"",
                "Bearer realm=\"https://a/t\", service=\"the \\\"s\\\"\", x=1, realm=\"other\"")));
  }

  @Test
  void aLongParameterTakesNoDeepStack() {
    String realm = "x".repeat(8_000);
    assertEquals(
        new Challenge("basic", Map.of("realm", realm)),
        Challenge.best(List.of("Basic realm=\"" + realm + "\"")));
  }
}
