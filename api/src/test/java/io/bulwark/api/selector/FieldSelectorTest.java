package io.bulwark.api.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldSelectorTest {
  @Test
  void parsesTermsWithEscapes() {
    FieldSelector selector = FieldSelector.parse("spec.nodeName==n\\,1,status.phase!=Failed,x=");
    assertEquals("n,1", selector.requiredValue("spec.nodeName"));
    assertEquals("", selector.requiredValue("x"));
    assertNull(selector.requiredValue("status.phase"));
    assertEquals("spec.nodeName=n\\,1,status.phase!=Failed,x=", selector.toString());
    Map<String, String> values = Map.of("spec.nodeName", "n,1", "status.phase", "Running");
    assertTrue(selector.matches(field -> values.getOrDefault(field, "")));
    assertFalse(selector.matches(_ -> "Failed"));
  }

  @Test
  void refusesInUpstreamsWords() {
    assertEquals("invalid selector: 'a=b,c'; can't understand 'c'", refused("a=b,c"));
    assertEquals("invalid field selector: invalid escape sequence: \\x", refused("a=\\x"));
    assertEquals("invalid field selector: unescaped character in value: 61", refused("a=b=c"));
  }

  private static String refused(String selector) {
    return assertThrows(MalformedSelector.class, () -> FieldSelector.parse(selector)).getMessage();
  }
}
