package io.bulwark.cluster.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullSecretsTest {
  @ParameterizedTest
  @CsvSource({
    "a.example, 1",
    "b.example, 0",
    "*.example, 1",
    "*.*, 1",
    "*, 0",
    "a*a.example, 0",
    "*a*.ex*mp*le, 1",
    "a.ex*pm*le, 0",
    "a.example/team, 1",
    "a.example/other, 0",
    "https://a.example/v1/, 1",
    "'a(.example', 0",
    "'[a].example', 0",
    "'(a+)+b.example', 0"
  })
  void aRegistryIsMatchedByWildcardsAndNothingElse(String registry, int matches) {
    Tree auths = Tree.of("auths", Tree.of(registry, Tree.of("username", "u", "password", "p")));
    String data = Base64.getEncoder().encodeToString(Json.write(auths));
    Tree secret = Tree.of("data", Tree.of(".dockerconfigjson", data));
    assertEquals(
        matches, PullSecrets.matching(List.of(secret), "a.example/team/web:1").size(), registry);
  }
}
