package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Yaml;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Kinds and documents that the tests of this package share. */
final class Samples {
  static final SchemaShapes SHAPES = new SchemaShapes();
  private static final Kinds KINDS = Kinds.builtIn(InstantSource.system());

  static final Kind POD = kind("", "pods");
  static final Kind SERVICE = kind("", "services");
  static final Kind CONFIG_MAP = kind("", "configmaps");
  static final Kind SECRET = kind("", "secrets");
  static final Kind DEPLOYMENT = kind("apps", "deployments");

  private Samples() {}

  static Kind kind(String group, String resource) {
    return Objects.requireNonNull(KINDS.find(group, "v1", resource), resource);
  }

  static Tree yaml(String text) {
    return Yaml.read(bytes(text));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Incoming post(String contentType, String body, String validation) {
    return new Incoming(
        "POST",
        "/",
        Map.of("fieldValidation", List.of(validation)),
        Map.of("content-type", contentType),
        bytes(body),
        new Credentials.None(),
        "127.0.0.1");
  }
}
