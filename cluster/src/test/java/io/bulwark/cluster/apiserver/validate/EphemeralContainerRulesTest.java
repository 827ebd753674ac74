package io.bulwark.cluster.apiserver.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import org.junit.jupiter.api.Test;

class EphemeralContainerRulesTest {
  private static Tree pod(Tree... containers) {
    return Tree.of("spec", Tree.of("ephemeralContainers", TreeList.of((Object[]) containers)));
  }

  private static String refusal(Tree next, Tree live) {
    Checks checks = new Checks();
    EphemeralContainerRules.checkUpdate(next, live, checks);
    return checks.errors().isEmpty() ? "" : checks.errors().getFirst().toString();
  }

  @Test
  void whatWasAddedStaysAsItIs() {
    Tree one = Tree.of("name", "one", "image", "i");
    Tree two = Tree.of("name", "two", "image", "i");
    assertEquals("", refusal(pod(one, two), pod(one)));
    String changed = refusal(pod(Tree.of("name", "one", "image", "j")), pod(one));
    assertTrue(changed.contains("\"one\" may not be changed"), changed);
    String removed = refusal(pod(two), pod(one));
    assertTrue(removed.contains("\"one\" may not be removed"), removed);
  }
}
