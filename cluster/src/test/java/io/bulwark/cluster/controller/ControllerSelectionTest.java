package io.bulwark.cluster.controller;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ControllerSelectionTest {
  private static final String LIFECYCLE = "node-lifecycle-controller";
  private static final String DEPLOYMENT = "deployment-controller";

  @Test
  void starRunsAllButTheRefused() {
    ControllerSelection selection = new ControllerSelection(List.of("*", "-" + LIFECYCLE));
    assertFalse(selection.runs(LIFECYCLE));
    assertTrue(selection.runs(DEPLOYMENT));
  }

  @Test
  void withoutStarOnlyTheNamedRun() {
    ControllerSelection selection = new ControllerSelection(List.of(DEPLOYMENT));
    assertTrue(selection.runs(DEPLOYMENT));
    assertFalse(selection.runs(LIFECYCLE));
  }

  @Test
  void refusingOneWithoutStarRunsNone() {
    ControllerSelection selection = new ControllerSelection(List.of("-" + DEPLOYMENT));
    assertFalse(selection.runs(DEPLOYMENT));
    assertFalse(selection.runs(LIFECYCLE));
  }

  @Test
  void theFirstEntryThatNamesAControllerCounts() {
    ControllerSelection selection =
        new ControllerSelection(List.of(DEPLOYMENT, "-" + DEPLOYMENT, "*"));
    assertTrue(selection.runs(DEPLOYMENT));
  }

  @Test
  void unknownNamesAreRefused() {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ControllerSelection(List.of("*", "-deploymnt")));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("\"deploymnt\" is not in the list"));
  }
}
