package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.tree.Tree;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class StrategicMergeTest {
  private static Tree merge(String live, String patch) throws PatchRefused {
    return StrategicMerge.apply(
        yaml(live), yaml(patch), Samples.SHAPES.of("io.k8s.api.core.v1.PodSpec"));
  }

  private static List<String> names(Tree spec, String list) {
    return spec.trees(list).stream().map(element -> element.textOrEmpty("name")).toList();
  }

  @Test
  void elementsMeetByKeyAndNewOnesComeFirst() throws PatchRefused {
    Tree merged =
        merge(
            "containers: [{name: a, image: x, env: [{name: E, value: '1'}]}]",
            "containers: [{name: b, image: y}, {name: a, env: [{name: F, value: '2'}]}]");
    assertEquals(List.of("b", "a"), names(merged, "containers"));
    Tree a = merged.trees("containers").get(1);
    assertEquals("x", a.text("image"));
    assertEquals(List.of("F", "E"), names(a, "env"));
  }

  @Test
  void anElementIsDeleted() throws PatchRefused {
    Tree merged =
        merge("containers: [{name: a}, {name: b}]", "containers: [{name: a, $patch: delete}]");
    assertEquals(List.of("b"), names(merged, "containers"));
  }

  @Test
  void aListIsReplaced() throws PatchRefused {
    Tree merged =
        merge("containers: [{name: a}, {name: b}]", "containers: [{name: c}, {$patch: replace}]");
    assertEquals(List.of("c"), names(merged, "containers"));
  }

  @Test
  void listsWithoutStrategyAreReplaced() throws PatchRefused {
    Tree merged =
        merge(
            "tolerations: [{key: a}]\ncontainers: [{name: c, args: [x, y]}]",
            "tolerations: [{key: b}]\ncontainers: [{name: c, args: [z]}]");
    assertEquals(yaml("l: [{key: b}]").list("l"), merged.list("tolerations"));
    assertEquals(List.of("z"), merged.trees("containers").getFirst().texts("args"));
  }

  @Test
  void orderFollowsTheDirective() throws PatchRefused {
    Tree merged =
        merge(
            "containers: [{name: a}, {name: s}, {name: b}, {name: c}]",
            "$setElementOrder/containers: [{name: c}, {name: new}, {name: a}, {name: b}]\n"
                + "containers: [{name: new, image: x}]");
    assertEquals(List.of("s", "c", "new", "a", "b"), names(merged, "containers"));
  }

  @Test
  void orderAloneReorders() throws PatchRefused {
    Tree merged =
        merge(
            "containers: [{name: a}, {name: b}]",
            "$setElementOrder/containers: [{name: b}, {name: a}]");
    assertEquals(List.of("b", "a"), names(merged, "containers"));
  }

  @Test
  void retainKeysDropsTheOthers() throws PatchRefused {
    Tree merged =
        merge(
            "volumes: [{name: v, emptyDir: {}}]",
            "volumes: [{name: v, $retainKeys: [name, hostPath], hostPath: {path: /x}}]");
    assertEquals(yaml("{name: v, hostPath: {path: /x}}"), merged.trees("volumes").getFirst());
  }

  @Test
  void valuesAreDeletedFromScalarLists() throws PatchRefused {
    Tree merged =
        StrategicMerge.apply(
            yaml("finalizers: [a, b, c]"),
            yaml("$deleteFromPrimitiveList/finalizers: [b]\nfinalizers: [d]"),
            Samples.SHAPES.of("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
    assertEquals(java.util.Set.of("a", "c", "d"), java.util.Set.copyOf(merged.texts("finalizers")));
    assertEquals(3, merged.list("finalizers").size());
  }

  @Test
  void objectsAreReplacedAndDeleted() throws PatchRefused {
    assertEquals(
        yaml("securityContext: {runAsUser: 1}"),
        merge(
            "securityContext: {runAsGroup: 2}",
            "securityContext: {runAsUser: 1, $patch: replace}"));
    assertEquals(
        new Tree(), merge("securityContext: {runAsGroup: 2}", "securityContext: {$patch: delete}"));
  }

  @Test
  void malformedDirectivesAreRefused() {
    assertThrows(PatchRefused.class, () -> merge("{}", "$patch: sing"));
    assertThrows(PatchRefused.class, () -> merge("{}", "containers: [{image: x}]"));
    assertThrows(PatchRefused.class, () -> merge("{}", "$setElementOrder/containers: x"));
    assertThrows(
        PatchRefused.class,
        () -> merge("{}", "volumes: [{name: v, $retainKeys: [name], emptyDir: {}}]"));
  }

  /** Elements end up in the order asked for, whatever the live order was. */
  @Property(tries = 200)
  void theOrderAskedForHolds(
      @ForAll @UniqueElements List<@AlphaChars @StringLength(min = 1, max = 2) String> live,
      @ForAll @UniqueElements List<@AlphaChars @StringLength(min = 1, max = 2) String> asked)
      throws PatchRefused {
    Tree target = new Tree();
    live.forEach(name -> target.childList("containers").add(Tree.of("name", name)));
    Tree patch = new Tree();
    patch.childList("containers");
    asked.forEach(name -> patch.childList("containers").add(Tree.of("name", name)));
    Tree merged =
        StrategicMerge.apply(target, patch, Samples.SHAPES.of("io.k8s.api.core.v1.PodSpec"));
    List<String> result = names(merged, "containers");
    assertEquals(asked, result.stream().filter(asked::contains).toList());
    assertEquals(
        live.stream().filter(name -> !asked.contains(name)).toList(),
        result.stream().filter(name -> !asked.contains(name)).toList());
  }
}
