package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.fuzz.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The parsers of what registries send and of names and users of registries, for the fuzzer. */
public final class RegistryTargets {
  private RegistryTargets() {}

  public static List<Target> all() {
    String users =
        Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
    return List.of(
        Target.text(
            "challenge",
            List.of(
                "Bearer realm=\"https://a.example/t\",service=\"the \\\"s\\\"\",scope=x",
                "Basic realm=b"),
            List.of("Bearer ", "basic ", "=", "\"", "\\\"", ",", "realm=", "\\\\"),
            input -> Challenge.best(List.of(Target.text(input)))),
        Target.text(
            "image-reference",
            List.of(
                "registry.example:5000/a/b_c-d.e:1.0@sha256:" + "a".repeat(64),
                "busybox",
                "a.b-c__d/e:v1"),
            List.of("/", ":", "@sha256:", "__", "_", "--", ".", "localhost", "[::1]", "@"),
            RegistryTargets::reference),
        Target.text(
            "docker-configuration",
            List.of(
                "{\"auths\":{\"https://a.example/v1/\":{\"auth\":\""
                    + users
                    + "\"},"
                    + "\"a.example\":{\"identitytoken\":\"t\"},"
                    + "\"b.example\":{\"username\":\"u\",\"password\":\"p\"}}}"),
            Target.json("auths", "auth", "identitytoken", "username", "password", "a.example"),
            RegistryTargets::users),
        Target.text(
            "credential-answer",
            List.of("{\"ServerURL\":\"a\",\"Username\":\"u\",\"Secret\":\"s\"}"),
            Target.json("Username", "Secret", "ServerURL"),
            input -> CredentialProgram.answered("p", input)));
  }

  private static void reference(byte[] input) throws IOException {
    Reference reference;
    try {
      reference = Reference.of(Target.text(input));
    } catch (IllegalArgumentException refused) {
      throw new IOException(refused);
    }
    Endpoint.Name name = Endpoint.Name.of(reference);
    if (name.host().isEmpty() || name.repository().isEmpty() || name.tagOrDigest().isEmpty()) {
      throw new AssertionError("an empty part in " + reference);
    }
    Endpoint.of(name.host(), RegistryConfiguration.USUAL);
  }

  private static void users(byte[] input) throws IOException {
    DockerCredentials.find(input, "file", "a.example", "");
    DockerCredentials.find(input, "file", "b.example", "");
  }
}
