package io.bulwark.cluster.image.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.layer.TestImage.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveImageTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource(Form.class)
  void layoutsAreReadWhateverTheirLayersAreCompressedWith(Form form) throws Exception {
    Path archive = new TestImage(form, lower(), upper()).layout(temporary.resolve("image.tar"));
    assertEquals(Map.of("0/etc/a", "one", "1/etc/b", "two"), contents(archive, null, Bounds.USUAL));
  }

  @Test
  void archivesMayBeCompressedThemselves() throws Exception {
    Path archive = new TestImage(Form.GZIP, lower()).layout(temporary.resolve("image.tar"));
    byte[] plain = Files.readAllBytes(archive);
    Path gzip = Files.write(temporary.resolve("image.tar.gz"), TestLayer.gzip(plain));
    Path zstd = Files.write(temporary.resolve("image.tar.zst"), Zstd.compress(plain));
    assertEquals(Map.of("0/etc/a", "one"), contents(gzip, null, Bounds.USUAL));
    assertEquals(Map.of("0/etc/a", "one"), contents(zstd, null, Bounds.USUAL));
  }

  @Test
  void gzipLayersMayHaveSeveralMembers() throws Exception {
    byte[] tar = lower();
    TestImage image = new TestImage(Form.GZIP, tar);
    byte[] first = TestLayer.gzip(java.util.Arrays.copyOf(tar, 700));
    byte[] second = TestLayer.gzip(java.util.Arrays.copyOfRange(tar, 700, tar.length));
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    image.manifest.put(
        "layers", TreeList.of(image.add("application/vnd.oci.image.layer.v1.tar+gzip", both)));
    assertEquals(
        Map.of("0/etc/a", "one"),
        contents(image.layout(temporary.resolve("image.tar")), null, Bounds.USUAL));
  }

  @Test
  void savedImagesAreReadByTheirNames() throws Exception {
    Path archive =
        new TestImage(Form.PLAIN, lower(), upper())
            .dockerSave(temporary.resolve("saved.tar"), "tool:1");
    try (Image image = ArchiveImage.at(archive, "tool:1", null, Bounds.USUAL).open()) {
      assertEquals("docker.io/library/tool:1", image.name());
      assertEquals("layer 2", image.layers().get(1).createdBy());
    }
    assertEquals(Map.of("0/etc/a", "one", "1/etc/b", "two"), contents(archive, null, Bounds.USUAL));
    refused("holds no image other:1, only tool:1", archive, "other:1", Bounds.USUAL);
  }

  @Test
  void indexesGiveTheImageOfThePlatform() throws Exception {
    TestImage arm = new TestImage(Form.GZIP, lower());
    TestImage machine = new TestImage(Form.GZIP, upper());
    arm.blobs.putAll(machine.blobs);
    Tree first = on(arm.manifestDescriptor(), "linux", "mips");
    Tree second = on(arm.add(TestImage.MANIFEST, Json.write(machine.manifest)), "linux", "s390x");
    Tree index =
        arm.add(
            TestImage.INDEX,
            Json.write(Tree.of("manifests", TreeList.of(first, second), "schemaVersion", 2)));
    Path archive = arm.layout(temporary.resolve("image.tar"), index);
    try (Image image =
        ArchiveImage.at(archive, null, Platform.of("linux/s390x"), Bounds.USUAL).open()) {
      assertEquals(second.text("digest"), image.digest());
    }
    refused("only for linux/mips, linux/s390x", archive, null, Bounds.USUAL);
  }

  @Test
  void anythingElseIsRefusedByName() throws Exception {
    Path text =
        Files.writeString(
            temporary.resolve("text"), "no archive at all, but longer than a block. ".repeat(20));
    refused("no tar archive", text, null, Bounds.USUAL);
    Path tar = Files.write(temporary.resolve("x.tar"), lower());
    refused("neither index.json nor manifest.json", tar, null, Bounds.USUAL);
  }

  @Test
  void lyingManifestsAreRefused() throws Exception {
    TestImage shorter = new TestImage(Form.GZIP, lower());
    shorter.manifest.trees("layers").getFirst().put("size", 40L);
    refused("longer than the 40 bytes", shorter);

    TestImage longer = new TestImage(Form.GZIP, lower());
    longer.manifest.trees("layers").getFirst().put("size", 4_000_000L);
    refused("is cut off", longer);

    TestImage swapped = new TestImage(Form.GZIP, lower(), upper());
    String first = swapped.manifest.trees("layers").getFirst().textOrEmpty("digest");
    String last = swapped.manifest.trees("layers").getLast().textOrEmpty("digest");
    swapped.manifest.trees("layers").getFirst().drop("size");
    refused("without a size", swapped);

    TestImage other = new TestImage(Form.GZIP, lower(), upper());
    byte[] changed = TestLayer.gzip(new TestLayer().file("etc/a", "ONE").tar());
    other.blobs.put(
        first, java.util.Arrays.copyOf(changed, requireNonNull(other.blobs.get(first)).length));
    refused("has the digest sha256:", other);

    TestImage crossed = new TestImage(Form.PLAIN, lower(), upper());
    TestImage exchanged = new TestImage(Form.PLAIN, upper(), lower());
    crossed.blobs.putAll(exchanged.blobs);
    crossed.manifest.put("config", exchanged.manifest.get("config"));
    refused("has the digest", crossed);

    TestImage missing = new TestImage(Form.GZIP, lower(), upper());
    missing.blobs.remove(last);
    refused("lacks " + last, missing);

    TestImage both = new TestImage(Form.GZIP, lower());
    both.manifest.put("manifests", new TreeList());
    refused("both a manifest and an index", both);

    TestImage fewer = new TestImage(Form.GZIP, lower(), upper());
    fewer.manifest.put("layers", new TreeList(fewer.manifest.list("layers").subList(0, 1)));
    refused("names 1 layers, the configuration 2", fewer);

    TestImage traversal = new TestImage(Form.GZIP, lower());
    traversal.manifest.trees("layers").getFirst().put("digest", "sha256:../../../etc/passwd");
    refused("no digest that can be checked", traversal);

    TestImage artifact = new TestImage(Form.GZIP, lower());
    artifact.manifest.treeOrEmpty("config").put("mediaType", "application/vnd.helm.config.v1");
    refused("is no container image", artifact);
  }

  private void refused(String words, TestImage image) throws IOException {
    refused(words, image.layout(temporary.resolve("lying.tar")), null, Bounds.USUAL);
  }

  private static void refused(
      String words, Path archive, @org.jspecify.annotations.Nullable String name, Bounds bounds) {
    RefusedImage refused =
        assertThrows(RefusedImage.class, () -> contents(archive, name, bounds), words);
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
  }

  private static Tree on(Tree descriptor, String os, String architecture) {
    descriptor.put("platform", Tree.of("architecture", architecture, "os", os));
    return descriptor;
  }

  /** The files of all layers, by the number of the layer and their path. */
  static Map<String, String> contents(
      Path archive, @org.jspecify.annotations.Nullable String name, Bounds bounds)
      throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Image image = ArchiveImage.at(archive, name, null, bounds).open()) {
      for (int i = 0; i < image.layers().size(); i++) {
        int number = i;
        image
            .layers()
            .get(i)
            .read(
                (entry, content) -> {
                  if (entry.type() == LayerEntry.Type.FILE) {
                    files.put(
                        number + entry.path(),
                        new String(content.readAllBytes(), StandardCharsets.UTF_8));
                  }
                });
      }
    }
    return files;
  }

  private static byte[] lower() {
    return new TestLayer().directory("etc").file("etc/a", "one").tar();
  }

  private static byte[] upper() {
    return new TestLayer().file("./etc//b", "two").device("dev/null").tar();
  }

  @Test
  void aSavedArchiveThatWasUnpackedIsAnImageToo() throws Exception {
    Path saved =
        new TestImage(Form.PLAIN, new TestLayer().file("a", "x").tar())
            .dockerSave(temporary.resolve("saved.tar"), "tool:1");
    Path directory = Files.createDirectories(temporary.resolve("unpacked"));
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(saved))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
        }
      }
    }
    assertTrue(ArchiveImage.layout(directory));
    try (Image image = ArchiveImage.at(directory, null, null, Bounds.USUAL).open()) {
      assertEquals("docker.io/library/tool:1", image.name());
    }
    Path manifest = directory.resolve("manifest.json");
    String config =
        Files.readString(manifest).replaceFirst("(?s).*\"Config\":\"([^\"]*)\".*", "$1");
    Path moved = Files.move(directory.resolve(config), outside.resolve("config"));
    Files.createSymbolicLink(directory.resolve(config), moved);
    assertThrows(
        RefusedImage.class, () -> ArchiveImage.at(directory, null, null, Bounds.USUAL).open());
    Files.writeString(manifest, "[{\"name\": \"of a web application\"}]");
    assertFalse(ArchiveImage.layout(directory));
  }
}
