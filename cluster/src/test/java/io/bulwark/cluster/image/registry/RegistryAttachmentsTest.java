package io.bulwark.cluster.image.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.AttachedContent;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.RefusedImage;
import io.bulwark.cluster.image.layer.TestImage;
import io.bulwark.cluster.image.layer.TestImage.Form;
import io.bulwark.cluster.image.layer.TestLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What refers to an image in a registry. */
class RegistryAttachmentsTest {
  private static final String TYPE = "application/vnd.dev.sigstore.bundle";
  private static final String BUNDLE = TYPE + ".v0.3+json";

  @TempDir private Path temporary;

  private final TestImage image = new TestImage(Form.GZIP, new TestLayer().file("a", "a").tar());
  private final String digest = image.manifestDescriptor().textOrEmpty("digest");
  private LoopbackRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = new LoopbackRegistry(temporary.resolve("pki"), true);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/referrers/DIGEST", "/manifests/TAG"})
  void bundlesAreFoundThroughTheRegistryOrATag(String where) throws Exception {
    publish(where, referring("first", BUNDLE, digest), referring("notes", "text/plain", digest));
    assertEquals(List.of("first"), found());
  }

  @Test
  void whatDoesNotReferToTheImageItselfIsPassedOver() throws Exception {
    Tree foreign = referring("foreign", BUNDLE, "sha256:" + "00".repeat(32));
    Tree disguised = referring("disguised", "text/plain", digest).set(BUNDLE, "artifactType");
    publish("/referrers/DIGEST", foreign, disguised);
    assertEquals(List.of(), found());
  }

  @Test
  void aContentThatIsNotItsDigestIsRefused() throws Exception {
    publish("/referrers/DIGEST", referring("first", BUNDLE, digest));
    registry.lie(
        image.add(BUNDLE, "first".getBytes(StandardCharsets.UTF_8)).textOrEmpty("digest"),
        "other".getBytes(StandardCharsets.UTF_8));
    assertThrows(RefusedImage.class, this::found);
  }

  @Test
  void contentsThatAreTooLargeTogetherAreRefused() throws Exception {
    Bounds usual = Bounds.USUAL;
    Bounds small =
        new Bounds(
            4096,
            usual.layers(),
            usual.entries(),
            usual.layerBytes(),
            usual.imageBytes(),
            usual.freeRatioBytes(),
            usual.ratio());
    Tree[] manifests =
        IntStream.rangeClosed(1, 9)
            .mapToObj(i -> referring(i + "x".repeat(4000), BUNDLE, digest))
            .toArray(Tree[]::new);
    publish("/referrers/DIGEST", Arrays.copyOf(manifests, 8));
    assertEquals(8, found(small).size());
    publish("/referrers/DIGEST", manifests);
    RefusedImage refused = assertThrows(RefusedImage.class, () -> found(small));
    assertEquals("attached contents of more than 32768 bytes", refused.getMessage());
  }

  @Test
  void anImageToWhichNothingRefersHasNone() throws Exception {
    registry.serve("team/app", "1", image);
    assertEquals(List.of(), found());
  }

  private Tree referring(String content, String type, String subject) {
    Tree layer = image.add(type, content.getBytes(StandardCharsets.UTF_8));
    Tree manifest =
        Tree.of(
            "artifactType",
            type,
            "config",
            image.add("application/vnd.oci.empty.v1+json", "{}".getBytes(StandardCharsets.UTF_8)),
            "layers",
            TreeList.of(layer),
            "schemaVersion",
            2L,
            "subject",
            Tree.of("digest", subject));
    return image.add(TestImage.MANIFEST, Json.write(manifest)).set(type, "artifactType");
  }

  private void publish(String where, Tree... manifests) {
    registry.serve("team/app", "1", image);
    registry.put(
        "/v2/team/app" + where.replace("DIGEST", digest).replace("TAG", digest.replace(':', '-')),
        Json.write(Tree.of("manifests", new TreeList(List.of(manifests)), "schemaVersion", 2L)));
  }

  private List<String> found() throws IOException {
    return found(Bounds.USUAL);
  }

  private List<String> found(Bounds bounds) throws IOException {
    return RegistryAttachments.referring(
            Reference.of("127.0.0.1:" + registry.port() + "/team/app:1"),
            digest,
            TYPE,
            new RegistryConfiguration(
                List.of(registry.authority()),
                Map.of(),
                false,
                Credentials.NONE,
                Duration.ofSeconds(10)),
            bounds)
        .stream()
        .map(AttachedContent::bytes)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }
}
