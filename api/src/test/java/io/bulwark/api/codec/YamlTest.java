package io.bulwark.api.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "yes|true", "Off|false", "y|true", "~|null", "Null|null", "\"yes\"|\"yes\"", "0644|420",
        "0x1f|31", "0b11|3", "0o17|15", "1_000|1000", "1.5|1.5", "1e3|1000",
            "2024-01-02|\"2024-01-02\"",
        "12:30|\"12:30\"", "089|89", "-5|-5", "+5|5", ".5|0.5", "1.2.3|\"1.2.3\"", "!!str 5|\"5\"",
        "!!int \"5\"|5", "!!binary aGk=|\"hi\"", "[a, {b: c}]|[\"a\",{\"b\":\"c\"}]", "-|[null]",
      })
  void readsScalarsAsUpstreamDoes(String yaml, String json) {
    String document = yaml.equals("-") ? "a:\n- \n" : "a: " + yaml + "\n";
    assertEquals("{\"a\":" + json + "}", Json.text(Yaml.read(bytes(document))));
  }

  @Test
  void mergesAndCopiesAliases() {
    Tree tree = Yaml.read(bytes("base: &b {x: 1, z: 2}\nother:\n  <<: *b\n  z: 3\nagain: *b\n"));
    assertEquals(
        "{\"again\":{\"x\":1,\"z\":2},\"base\":{\"x\":1,\"z\":2},\"other\":{\"x\":1,\"z\":3}}",
        Json.text(tree));
    tree.child("again").put("x", 9L);
    assertEquals(1, tree.number(0, "base", "x"));
  }

  @Test
  void reportsDuplicateKeys() {
    List<String> duplicates = new ArrayList<>();
    Tree tree = Yaml.read(bytes("a: 1\nb: 2\na: 3\n"), duplicates);
    assertEquals(3, tree.number(0, "a"));
    assertEquals(List.of("line 3: key \"a\" already set in map"), duplicates);
  }

  @Test
  void readsManyDocuments() {
    List<Tree> documents = Yaml.readAll(bytes("---\na: 1\n---\n# nothing\n---\nb: 2\n"));
    assertEquals(List.of(Tree.of("a", 1), Tree.of("b", 2)), documents);
  }

  @Test
  void refusesWhatIsNoObjectOrTooMuch() {
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("- a")));
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("a: [")));
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("a: .inf")));
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("a: *missing")));
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("? [a]\n: b\n")));
    assertThrows(MalformedBody.class, () -> Yaml.read(bytes("a: " + "[".repeat(2000))));
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ",").repeat(10)).append("]\n");
    }
    assertEquals(
        "yaml: document contains excessive aliasing",
        assertThrows(MalformedBody.class, () -> Yaml.read(bytes(bomb.toString()))).getMessage());
  }

  @Test
  void writesBlockStyle() {
    Tree tree =
        Tree.of(
            "empty", new Tree(),
            "list", TreeList.of(Tree.of("a", 1, "b", TreeList.of("x", TreeList.of()))),
            "script", "#!/bin/sh\necho hi\n",
            "version", "1.10",
            "yes", "no");
    assertEquals(
        """
        empty: {}
        list:
        - a: 1
          b:
          - x
          - []
        script: |
          #!/bin/sh
          echo hi
        version: "1.10"
        "yes": "no"
        """,
        Yaml.text(tree));
  }

  @Property
  void readsBackWhatItWrites(@ForAll("encodable") String text, @ForAll("encodable") String key) {
    Tree tree = Tree.of("list", TreeList.of(text, key), "map", Tree.of(key, text));
    assertEquals(tree, Yaml.read(Yaml.write(tree)));
  }

  /** Any text but halves of surrogate pairs. */
  @Provide
  Arbitrary<String> encodable() {
    return Arbitraries.strings()
        .ofMaxLength(12)
        .filter(text -> new String(bytes(text), StandardCharsets.UTF_8).equals(text));
  }

  @Test
  void keepsOddTexts() {
    for (String text :
        List.of(
            " a",
            "a ",
            "a: b",
            "a #b",
            "- a",
            "\n",
            "a\n\n",
            "a\nb",
            " a\nb",
            "\ta",
            "a\tb\nc",
            "'",
            "\"",
            "{",
            "[a]",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "",
            "---",
            "...",
            "a:",
            "\u0000",
            "\u0085",
            "\u2028",
            "\ud83d\ude00",
            "<<",
            "=",
            "12:30:45",
            "a\r\nb")) {
      Tree tree = Tree.of("k", text, "l", TreeList.of(text), "m" + text, 1);
      assertEquals(tree, Yaml.read(Yaml.write(tree)), () -> Yaml.text(tree));
    }
    assertTrue(Yaml.text(Tree.of("a", "2024-01-02T03:04:05Z")).contains("\"2024"));
  }

  private static byte[] bytes(String yaml) {
    return yaml.getBytes(StandardCharsets.UTF_8);
  }
}
