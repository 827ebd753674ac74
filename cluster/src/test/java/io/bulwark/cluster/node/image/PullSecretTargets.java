package io.bulwark.cluster.node.image;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.fuzz.Target;
import java.util.Base64;
import java.util.List;

/** The parser of pull secrets, for the fuzzer. */
public final class PullSecretTargets {
  private PullSecretTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.text(
            "pull-secret",
            List.of(
                "{\"auths\":{\"https://*.a.example/v1/\":{\"auth\":\"dTpw\"},"
                    + "\"b.a.example/c\":{\"username\":\"u\",\"password\":\"p\"}}}"),
            Target.json("auths", "auth", "username", "password", "*.a.example", "b.*", "**"),
            input -> {
              String data = Base64.getEncoder().encodeToString(input);
              Tree secret = Tree.of("data", Tree.of(".dockerconfigjson", data));
              PullSecrets.matching(List.of(secret), "b.a.example/c/d:1");
            }));
  }
}
