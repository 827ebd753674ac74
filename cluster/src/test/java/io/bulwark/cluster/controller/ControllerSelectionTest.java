package io.bulwark.cluster.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ControllerSelectionTest {
  private static final ControllerName LIFECYCLE = ControllerName.NODE_LIFECYCLE;
  private static final ControllerName DEPLOYMENT = ControllerName.DEPLOYMENT;

  @Test
  void starRunsAllButTheRefused() {
    ControllerSelection selection = new ControllerSelection(List.of("*", "-" + LIFECYCLE));
    assertFalse(selection.runs(LIFECYCLE));
    assertTrue(selection.runs(DEPLOYMENT));
  }

  @Test
  void withoutStarOnlyTheNamedRun() {
    ControllerSelection selection = new ControllerSelection(List.of(DEPLOYMENT.toString()));
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
        new ControllerSelection(List.of(DEPLOYMENT.toString(), "-" + DEPLOYMENT, "*"));
    assertTrue(selection.runs(DEPLOYMENT));
  }

  @ParameterizedTest
  @EnumSource
  void everyControllerCanBeChosenByItsName(ControllerName name) {
    ControllerSelection alone = new ControllerSelection(List.of(name.toString()));
    for (ControllerName other : ControllerName.values()) {
      assertEquals(other == name, alone.runs(other), other.toString());
      assertTrue(ControllerSelection.DEFAULT.runs(other), other.toString());
    }
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
