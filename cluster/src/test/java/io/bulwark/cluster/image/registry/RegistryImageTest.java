package io.bulwark.cluster.image.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.LayerEntry;
import io.bulwark.cluster.image.layer.RefusedImage;
import io.bulwark.cluster.image.layer.TestImage;
import io.bulwark.cluster.image.layer.TestImage.Form;
import io.bulwark.cluster.image.layer.TestLayer;
import io.bulwark.cluster.image.registry.Credentials.Login;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryImageTest {
  @TempDir Path temporary;

  private final TestImage image =
      new TestImage(Form.GZIP, new TestLayer().file("etc/a", "content").tar());
  private LoopbackRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = new LoopbackRegistry(temporary.resolve("pki"), true);
    registry.serve("team/app", "1", image);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void imagesAreReadByTagAndByDigestOverVerifiedTls() throws Exception {
    assertEquals(List.of("/etc/a"), paths(reference(":1"), trusting(Credentials.NONE)));
    String digest = image.manifestDescriptor().textOrEmpty("digest");
    assertEquals(List.of("/etc/a"), paths(reference("@" + digest), trusting(Credentials.NONE)));
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsTheConnection() {
    refused("cannot trust", reference(":1"), RegistryConfiguration.USUAL);
    assertTrue(registry.requests.isEmpty());
  }

  @Test
  void aCertificateForAnotherNameEndsTheConnection() throws Exception {
    try (LoopbackRegistry other =
        new LoopbackRegistry(temporary.resolve("pki"), true, "127.0.0.2")) {
      Reference there = Reference.of("127.0.0.2:" + other.port() + "/team/app:1");
      refused("cannot trust", there, trusting(Credentials.NONE));
      assertTrue(other.requests.isEmpty());
    }
  }

  @Test
  void basicUsersAreSentOnlyWhenAsked() throws Exception {
    registry.basic("anna", "secret");
    Credentials anna = host -> new Login("anna", "secret");
    assertEquals(List.of("/etc/a"), paths(reference(":1"), trusting(anna)));
    refused("does not let this user read", reference(":1"), trusting(Credentials.NONE));
    refused(
        "does not let this user read",
        reference(":1"),
        trusting(host -> new Login("anna", "wrong")));
  }

  @Test
  void tokensAreFetchedWithTheUserAndRenewed() throws Exception {
    registry.tokens("anna", "secret");
    Credentials anna = host -> new Login("anna", "secret");
    assertEquals(List.of("/etc/a"), paths(reference(":1"), trusting(anna)));
    assertTrue(
        registry.requests.stream()
            .anyMatch(one -> one.contains("scope=repository%3Ateam%2Fapp%3Apull")));
    refused("gives no token", reference(":1"), trusting(Credentials.NONE));
  }

  @Test
  void identityTokensAreTurnedIntoTokens() throws Exception {
    registry.tokens("<token>", "refresh");
    Credentials identity = host -> new Login("<token>", "refresh");
    assertEquals(List.of("/etc/a"), paths(reference(":1"), trusting(identity)));
  }

  @Test
  void missingImagesAreNamed() {
    refused("does not have team/app:2", reference(":2"), trusting(Credentials.NONE));
  }

  @Test
  void redirectsNeverLeaveTlsNorTakeSecretsAlong() throws Exception {
    registry.basic("anna", "secret");
    try (LoopbackRegistry storage = new LoopbackRegistry(temporary.resolve("pki"), true)) {
      storage.serve("team/app", "1", image);
      registry.redirectBlobs("https://127.0.0.1:" + storage.port());
      Credentials anna = host -> new Login("anna", "secret");
      assertEquals(List.of("/etc/a"), paths(reference(":1"), trusting(anna)));
      assertFalse(storage.requests.isEmpty());
      assertTrue(storage.requests.stream().noneMatch(one -> one.contains("Basic")));
    }
    registry.redirectBlobs("http://127.0.0.1:1");
    refused("not verified by TLS", reference(":1"), trusting(host -> new Login("anna", "secret")));
  }

  @Test
  void lyingBlobsAreRefused() throws Exception {
    String layer = image.manifest.trees("layers").getFirst().textOrEmpty("digest");
    registry.lie(layer, "something else".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThrows(RefusedImage.class, () -> paths(reference(":1"), trusting(Credentials.NONE)));
  }

  @Test
  void mirrorsComeFirstAndAreDoneWithout() throws Exception {
    try (LoopbackRegistry mirror = new LoopbackRegistry(temporary.resolve("pki"), true)) {
      mirror.serve("team/app", "1", image);
      Reference far = Reference.of("registry.example:5000/team/app:1");
      URI there = URI.create("https://127.0.0.1:" + mirror.port());
      URI gone = URI.create("https://127.0.0.1:1");
      RegistryConfiguration configuration =
          new RegistryConfiguration(
              List.of(registry.authority()),
              Map.of("registry.example:5000", List.of(gone, there)),
              false,
              Credentials.NONE,
              Duration.ofSeconds(10));
      assertEquals(List.of("/etc/a"), paths(far, configuration));
    }
  }

  @Test
  void plainHttpIsForLoopbackAndForThoseWhoAsk() throws Exception {
    try (LoopbackRegistry plain = new LoopbackRegistry(temporary.resolve("pki"), false)) {
      plain.serve("team/app", "1", image);
      Reference reference = Reference.of("127.0.0.1:" + plain.port() + "/team/app:1");
      RegistryConfiguration asked =
          new RegistryConfiguration(
              List.of(), Map.of(), true, Credentials.NONE, Duration.ofSeconds(10));
      assertEquals(List.of("/etc/a"), paths(reference, asked));
      assertThrows(IOException.class, () -> paths(reference, trusting(Credentials.NONE)));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new RegistryConfiguration(
                List.of(),
                Map.of("a", List.of(URI.create("http://mirror.example"))),
                true,
                Credentials.NONE,
                Duration.ofSeconds(1)));
  }

  @Test
  void silentRegistriesAreNotWaitedForLong() throws Exception {
    registry.stall();
    RegistryConfiguration hasty =
        new RegistryConfiguration(
            List.of(registry.authority()),
            Map.of(),
            false,
            Credentials.NONE,
            Duration.ofMillis(700));
    refused("sent nothing for", reference(":1"), hasty);
  }

  @Test
  void dockersConfigurationNamesUsers() throws Exception {
    Path file =
        Files.writeString(
            temporary.resolve("config.json"),
            """
            {"auths": {"a.example": {"auth": "YW5uYTpzZTpjcmV0"},
                       "https://index.docker.io/v1/": {"username": "hub", "password": "p"},
                       "b.example": {"identitytoken": "t"}, "c.example": {"auth": "?"}},
             "credHelpers": {"d.example": "none-such-helper", "e.example": "../evil"}}
            """);
    DockerCredentials credentials =
        new DockerCredentials(List.of(temporary.resolve("missing.json"), file), "");
    assertEquals(new Login("anna", "se:cret"), credentials.find("a.example"));
    assertEquals(new Login("hub", "p"), credentials.find("docker.io"));
    assertEquals(new Login("<token>", "t"), credentials.find("b.example"));
    assertEquals(null, credentials.find("z.example"));
    assertThrows(IOException.class, () -> credentials.find("c.example"));
    assertThrows(IOException.class, () -> credentials.find("d.example"));
    IOException evil = assertThrows(IOException.class, () -> credentials.find("e.example"));
    assertEquals("no credential helper can be called ../evil", evil.getMessage());
    assertFalse(new Login("anna", "secret").toString().contains("secret"));
  }

  private Reference reference(String suffix) {
    return Reference.of("127.0.0.1:" + registry.port() + "/team/app" + suffix);
  }

  private RegistryConfiguration trusting(Credentials credentials) {
    return new RegistryConfiguration(
        List.of(registry.authority()), Map.of(), false, credentials, Duration.ofSeconds(10));
  }

  private static void refused(
      String words, Reference reference, RegistryConfiguration configuration) {
    RegistryFailure failure =
        assertThrows(RegistryFailure.class, () -> paths(reference, configuration), words);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(words), message);
  }

  private static List<String> paths(Reference reference, RegistryConfiguration configuration)
      throws IOException {
    List<String> paths = new ArrayList<>();
    try (Image opened = RegistryImage.at(reference, configuration, null, Bounds.USUAL).open()) {
      for (var layer : opened.layers()) {
        layer.read(
            (entry, content) -> {
              if (entry.type() == LayerEntry.Type.FILE) {
                paths.add(entry.path());
              }
            });
      }
    }
    return paths;
  }
}
