package io.bulwark.api.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web", "tier", "2", "empty", "", "in", "x");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web|true",
        "app==web,tier=2|true",
        "app!=web|false",
        "absent!=web|true",
        "app in (db, web)|true",
        "app notin (db,web)|false",
        "absent notin (db)|true",
        "app|true",
        "!app|false",
        "! absent , app|true",
        "tier>1|true",
        "tier<2|false",
        "app>1|false",
        "empty=|true",
        "empty in ()|true",
        "in in (x)|true",
        "in|true",
        "app in (,web)|true",
      })
  void matches(String selector, boolean expected) {
    assertEquals(expected, LabelSelector.parse(selector).matches(LABELS));
    Tree object = new Tree();
    LABELS.forEach((key, value) -> object.set(value, "metadata", "labels", key));
    assertEquals(expected, LabelSelector.parse(selector).matchesObject(object));
    String text = LabelSelector.parse(selector).toString();
    assertEquals(expected, LabelSelector.parse(text).matches(LABELS), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "a,|found '', expected: identifier after ','",
        ",a|found ',', expected: !, identifier, or 'end of string'",
        "a in x|unable to parse requirement: found 'x' expected: '('",
        "a in (x|unable to parse requirement: found '', expected: ',' or ')'",
        "a=b=c|found '=', expected: ',' or 'end of string'",
        "!|unable to parse requirement: found '', expected: identifier",
        "a>x|unable to parse requirement: values[0]: Invalid value: \"x\":"
            + " for 'Gt', 'Lt' operators, the value must be an integer",
      })
  void refusesInUpstreamsWords(String selector, String message) {
    assertEquals(
        message,
        assertThrows(MalformedSelector.class, () -> LabelSelector.parse(selector)).getMessage());
  }

  @Test
  void namesBadKeysAndValues() {
    String key =
        assertThrows(MalformedSelector.class, () -> LabelSelector.parse("a/b/c=d")).getMessage();
    assertTrue(
        key.startsWith(
            "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid label key must"),
        key);
    String value =
        assertThrows(MalformedSelector.class, () -> LabelSelector.parse("a=-b")).getMessage();
    assertTrue(
        value.startsWith("unable to parse requirement: values[0][a]: Invalid value: \"-b\":"),
        value);
  }

  @Test
  void readsTheObjectForm() {
    LabelSelector selector =
        LabelSelector.of(
            tree(
                """
                {"matchLabels":{"app":"web"},"matchExpressions":[
                  {"key":"tier","operator":"In","values":["3","2"]},
                  {"key":"absent","operator":"DoesNotExist"}]}
                """));
    assertTrue(selector.matches(LABELS));
    assertEquals("!absent,app=web,tier in (2,3)", selector.toString());
    assertEquals(selector, LabelSelector.of(selector.toTree()));
  }

  @Test
  void nullSelectsNothingAndEmptyEverything() {
    assertFalse(LabelSelector.of((Tree) null).matches(LABELS));
    assertTrue(LabelSelector.of(new Tree()).matches(LABELS));
    assertTrue(LabelSelector.parse("").matchesEverything());
  }

  @Test
  void refusesUnknownOperators() {
    Tree bad = tree("{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Near\"}]}");
    assertEquals(
        "\"Near\" is not a valid label selector operator",
        assertThrows(MalformedSelector.class, () -> LabelSelector.of(bad)).getMessage());
  }

  private static Tree tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
