package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"key":"app","operator":"Nonsense"} | matchExpressions[0].operator
          {"key":"app","operator":"In","values":["not valid"]} | matchExpressions[0].values[0]
          {"key":"app","operator":"In"} | matchExpressions[0].values
          """)
  void aBudgetWhoseSelectorNobodyCanReadIsRefused(String expression, String field)
      throws Exception {
    String selector = "{\"matchExpressions\":[" + expression + "]}";
    Tree budget =
        Tree.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "PodDisruptionBudget",
            "metadata",
            Tree.of("name", "b"),
            "spec",
            Tree.of(
                "selector",
                Json.read(selector.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "minAvailable",
                1L));
    try (TestApi api = TestApi.started()) {
      TestApi.Answer refused =
          api.send("POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets", budget);
      assertEquals(422, refused.status(), refused.text());
      assertTrue(refused.message().contains("spec.selector." + field), refused.text());
    }
  }
}
