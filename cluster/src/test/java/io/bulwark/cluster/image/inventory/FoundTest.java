package io.bulwark.cluster.image.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FoundTest {
  @Test
  void aFileThatShowsMoreThanAnythingHonestIsNoLongerBelieved() throws Exception {
    Found found = new Found();
    found.add(null);
    for (int i = 0; i < Found.MOST; i++) {
      found.add(component("a" + i));
    }
    found.add(component("a7"));
    assertEquals(Found.MOST, found.list().size());
    found.add(component("b"));
    assertThrows(IOException.class, found::list);
  }

  private static Component component(String name) {
    return new Component(name, "1", "npm", "", "/lock", null, Component.Kind.LIBRARY);
  }
}
