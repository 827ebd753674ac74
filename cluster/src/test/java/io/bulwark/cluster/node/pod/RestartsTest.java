package io.bulwark.cluster.node.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # pod,     container, rule,  exit, due
          Always,    ,          ,      0,    true
          OnFailure, ,          ,      0,    false
          OnFailure, ,          ,      1,    true
          Never,     ,          ,      1,    false
          Never,     Always,    ,      0,    true
          Always,    Never,     ,      1,    false
          Always,    OnFailure, ,      0,    false
          Never,     Never,     In,    42,   true
          Never,     Never,     In,    1,    false
          Never,     Never,     NotIn, 1,    true
          Never,     Never,     NotIn, 42,   false
          Never,     OnFailure, In,    1,    true
          """)
  void rulesGoBeforeTheContainersPolicyAndThatBeforeThePods(
      String pod, String container, String operator, int exit, boolean due) {
    Tree spec = Tree.of("spec", Tree.of("restartPolicy", pod));
    Tree own = Tree.of("name", "main");
    if (container != null) {
      own.put("restartPolicy", container);
    }
    if (operator != null) {
      Tree codes = Tree.of("operator", operator, "values", TreeList.of(42L));
      own.put("restartPolicyRules", TreeList.of(Tree.of("action", "Restart", "exitCodes", codes)));
    }
    assertEquals(due, Restarts.due(spec, own, exit));
  }
}
