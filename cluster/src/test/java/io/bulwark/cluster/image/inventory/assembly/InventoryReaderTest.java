package io.bulwark.cluster.image.inventory.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.LayerRole;
import io.bulwark.cluster.image.inventory.language.ArchiveDigests;
import io.bulwark.cluster.image.layer.ArchiveImage;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.DirectoryImage;
import io.bulwark.cluster.image.layer.ImageLayer;
import io.bulwark.cluster.image.layer.LayerVisitor;
import io.bulwark.cluster.image.layer.RefusedImage;
import io.bulwark.cluster.image.layer.TestImage;
import io.bulwark.cluster.image.layer.TestImage.Form;
import io.bulwark.cluster.image.layer.TestLayer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryReaderTest {
  private static final String RELEASE = "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n";

  @TempDir Path temporary;

  private final AtomicInteger reads = new AtomicInteger();

  /** Reads files called NAME-VERSION.lib; their content is the kind. */
  private final Cataloger libraries =
      new Cataloger() {
        @Override
        public boolean reads(String path) {
          return path.endsWith(".lib");
        }

        @Override
        public List<Component> catalog(ImageFile file) throws IOException {
          reads.incrementAndGet();
          String content = new String(file.open().readAllBytes(), StandardCharsets.UTF_8);
          if (content.equals("damaged")) {
            throw new IOException("it is damaged");
          }
          String[] parts = content.isEmpty() ? new String[] {"x", "1"} : content.split("-", -1);
          return List.of(
              new Component(
                  parts[0],
                  parts[1],
                  "Maven",
                  "pkg:maven/" + parts[0] + "@" + parts[1],
                  file.path(),
                  null,
                  parts.length > 2 ? Component.Kind.valueOf(parts[2]) : Component.Kind.LIBRARY));
        }
      };

  @Test
  void packagesBelongToTheLayerThatBroughtTheirVersion() throws Exception {
    byte[] lower =
        layer("etc/os-release", RELEASE, "var/lib/dpkg/status", status("bash", "5", "curl", "7"));
    byte[] upper =
        layer("var/lib/dpkg/status", status("bash", "5", "curl", "8", "openjdk-17-jre", "17"));
    Inventory inventory = read(lower, upper);
    assertEquals(List.of("bash 5 in 0", "curl 8 in 1", "openjdk-17-jre 17 in 1"), shown(inventory));
    assertEquals("Debian:12", inventory.components().getLast().component().ecosystem());
    assertEquals(
        List.of(LayerRole.DISTRIBUTION, LayerRole.RUNTIME),
        inventory.layers().stream().map(Inventory.Layer::role).toList());
    assertEquals("debian", inventory.distribution().id());
  }

  @Test
  void anArchiveMayNameItsDistributionLast() throws Exception {
    byte[] tar = layer("var/lib/dpkg/status", status("bash", "5"), "etc/os-release", RELEASE);
    assertEquals("Debian:12", read(tar).components().getFirst().component().ecosystem());
  }

  @Test
  void distrolessImagesHaveOneFileAPackage() throws Exception {
    byte[] tar =
        layer(
            "etc/os-release",
            RELEASE,
            "var/lib/dpkg/status.d/libc6",
            "Package: libc6\nVersion: 2.36-9\nSource: glibc (2.36)\nArchitecture: amd64\n",
            "var/lib/dpkg/status.d/libc6.md5sums",
            "Package: no\nVersion: 1\n");
    Component only = read(tar).components().getFirst().component();
    assertEquals(new Component.SourcePackage("glibc", "2.36"), only.source());
    assertEquals("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12", only.purl());
  }

  @Test
  void alpinePackagesNameTheirOrigin() throws Exception {
    byte[] tar =
        layer(
            "etc/os-release",
            "ID=alpine\nVERSION_ID=3.20.1\n",
            "lib/apk/db/installed",
            "C:Q1x=\nP:libcrypto3\nV:3.3.1-r0\nA:x86_64\no:openssl\nF:usr\nR:x\n\n"
                + "P:musl\nV:1.2.5-r0\n");
    Inventory inventory = read(tar);
    assertEquals(List.of("libcrypto3 3.3.1-r0 in 0", "musl 1.2.5-r0 in 0"), shown(inventory));
    Component first = inventory.components().getFirst().component();
    assertEquals("Alpine:v3.20", first.ecosystem());
    assertEquals(new Component.SourcePackage("openssl", "3.3.1-r0"), first.source());
  }

  @Test
  void whiteoutsTakeAwayWhatLiesBelowAndNothingElse() throws Exception {
    byte[] lower =
        layer("a/one.lib", "one-1", "a/two.lib", "two-1", "b/c/three.lib", "three-1", "d.lib", "");
    byte[] upper =
        new TestLayer()
            .file("a/.wh.one.lib", "")
            .file("b/.wh..wh..opq", "")
            .file("b/four.lib", "four-1")
            .file(".wh..wh.plnk", "")
            .file(".wh.d.lib", "")
            .file("d.lib", "five-1")
            .tar();
    assertEquals(List.of("two 1 in 0", "four 1 in 1", "five 1 in 1"), shown(read(lower, upper)));
  }

  @Test
  void whatIsWrittenOverIsGone() throws Exception {
    byte[] lower =
        layer("opt/app/one.lib", "one-1", "opt/two.lib", "two-1", "opt/same.lib", "same-1");
    byte[] upper =
        new TestLayer()
            .symbolicLink("opt/app", "/elsewhere")
            .directory("opt/two.lib")
            .file("opt/same.lib", "same-1")
            .tar();
    assertEquals(List.of("same 1 in 0"), shown(read(lower, upper)));
  }

  @Test
  void hardLinksShowWhatTheirTargetsShow() throws Exception {
    byte[] tar =
        new TestLayer()
            .file("one.lib", "one-1")
            .hardLink("two.lib", "one.lib")
            .file("blob", "three-1")
            .hardLink("three.lib", "./blob")
            .hardLink("lost.lib", "nowhere")
            .tar();
    Inventory inventory = read(tar);
    assertEquals(
        List.of("one 1 in 0", "three 1 in 0", "one 1 in 0"),
        shown(inventory),
        inventory.toString());
  }

  @Test
  void aContentOfManyNamesIsReadAFewTimesOnly() throws Exception {
    TestLayer layer = new TestLayer().file("blob", "three-1");
    for (int i = 0; i < 500; i++) {
      layer.hardLink("link" + i + ".lib", "blob");
    }
    assertEquals(500, read(layer.tar()).components().size());
    assertTrue(reads.get() <= 16, reads + " reads");
  }

  @Test
  void whatOlderCatalogersFoundGoes() throws Exception {
    Path old = Files.createDirectories(temporary.resolve("cache/layers-1"));
    Files.writeString(old.resolve("sha256-a"), "x");
    Path newer = Files.createDirectories(temporary.resolve("cache/layers-999999"));
    LayerCache cache = new LayerCache(temporary.resolve("cache"), 100);
    assertNull(cache.baseOf(List.of("a", "b")));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(newer));
  }

  @Test
  void damagedFilesAreNotedAndTheRestIsRead() throws Exception {
    Inventory inventory = read(layer("a.lib", "damaged", "b.lib", "one-1"));
    assertEquals(List.of("one 1 in 0"), shown(inventory));
    assertEquals(List.of("/a.lib: it is damaged"), inventory.problems());
  }

  @Test
  void layersAreReadOnceWhateverNumberOfImagesShareThem() throws Exception {
    byte[] base = layer("etc/os-release", RELEASE, "one.lib", "one-1");
    LayerCache cache = new LayerCache(temporary.resolve("cache"), 100);
    InventoryReader reader = reader(cache);
    Path first = archive("first", base);
    Path second = archive("second", base, layer("two.lib", "two-1-SERVER"));
    Inventory alone = reader.read(ArchiveImage.at(first, null, null, Bounds.USUAL));
    assertNull(alone.base());
    assertEquals(1, reads.get());
    Inventory above = reader.read(ArchiveImage.at(second, null, null, Bounds.USUAL));
    assertEquals(2, reads.get());
    assertEquals(first.toString(), above.base());
    assertEquals(LayerRole.SERVER, above.layers().getLast().role());
    assertEquals(above, reader.read(ArchiveImage.at(second, null, null, Bounds.USUAL)));
    assertEquals(2, reads.get());
  }

  @Test
  void whatDependsOnTheDistributionIsKeptForEach() throws Exception {
    InventoryReader reader = reader(new LayerCache(temporary.resolve("cache"), 100));
    byte[] packages = layer("var/lib/dpkg/status", status("bash", "5"));
    Path debian = archive("debian", layer("etc/os-release", RELEASE), packages);
    Path ubuntu =
        archive("ubuntu", layer("etc/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n"), packages);
    for (int round = 0; round < 2; round++) {
      assertEquals("Debian:12", ecosystem(reader, debian));
      assertEquals("Ubuntu:24.04:LTS", ecosystem(reader, ubuntu));
    }
  }

  @Test
  void damagedEntriesAreMadeAgain() throws Exception {
    Path directory = temporary.resolve("cache");
    Path image = archive("image", layer("one.lib", "one-1"));
    InventoryReader reader = reader(new LayerCache(directory, 100));
    Inventory before = reader.read(ArchiveImage.at(image, null, null, Bounds.USUAL));
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
      }
    }
    assertEquals(before, reader.read(ArchiveImage.at(image, null, null, Bounds.USUAL)));
    assertEquals(2, reads.get());
  }

  @Test
  void theCacheForgetsWhatWasNotUsedForLongest() throws Exception {
    Path directory = temporary.resolve("cache");
    InventoryReader reader = reader(new LayerCache(directory, 3));
    for (int i = 0; i < 6; i++) {
      Path image = archive("i" + i, layer("one.lib", "one-" + i));
      reader.read(ArchiveImage.at(image, null, null, Bounds.USUAL));
    }
    try (Stream<Path> files = Files.list(directory.resolve("layers-" + Catalogers.VERSION))) {
      assertEquals(3, files.count());
    }
    try (Stream<Path> files = Files.list(directory.resolve("images"))) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void linksMultiplyComponentsOnlyWithinTheBoundOfALayer() throws Exception {
    Cataloger many =
        new Cataloger() {
          @Override
          public boolean reads(String path) {
            return path.endsWith(".lib");
          }

          @Override
          public List<Component> catalog(ImageFile file) {
            return IntStream.range(0, Found.MOST / 2)
                .mapToObj(
                    i ->
                        new Component(
                            "a" + i,
                            "1",
                            "x",
                            "pkg:generic/a" + i,
                            file.path(),
                            null,
                            Component.Kind.LIBRARY))
                .toList();
          }
        };
    byte[] one = new TestLayer().file("a.lib", "x").hardLink("b.lib", "a.lib").tar();
    byte[] two =
        new TestLayer()
            .file("a.lib", "x")
            .hardLink("b.lib", "a.lib")
            .hardLink("c.lib", "a.lib")
            .tar();
    InventoryReader reader = new InventoryReader(List.of(many), null);
    Path within = archive("within", one);
    Path beyond = archive("beyond", two);
    assertEquals(
        Found.MOST,
        reader.read(ArchiveImage.at(within, null, null, Bounds.USUAL)).components().size());
    assertThrows(
        RefusedImage.class, () -> reader.read(ArchiveImage.at(beyond, null, null, Bounds.USUAL)));
  }

  @Test
  void aKnownLayerDoesNotVouchForAnotherContent() throws Exception {
    InventoryReader reader = reader(new LayerCache(temporary.resolve("cache"), 100));
    TestImage honest = new TestImage(Form.GZIP, layer("one.lib", "one-1"));
    reader.read(
        ArchiveImage.at(honest.layout(temporary.resolve("a.tar")), null, null, Bounds.USUAL));
    TestImage lying = new TestImage(Form.GZIP, layer("two.lib", "two-1"));
    lying.blobs.putAll(honest.blobs);
    lying.manifest.put("layers", honest.manifest.get("layers"));
    Path archive = lying.layout(temporary.resolve("b.tar"));
    assertThrows(
        RefusedImage.class, () -> reader.read(ArchiveImage.at(archive, null, null, Bounds.USUAL)));
  }

  @Test
  void annotationsNameTheBase() throws Exception {
    TestImage image =
        new TestImage(
            Form.GZIP,
            Map.of("org.opencontainers.image.base.name", "docker.io/library/debian:12"),
            layer("a", "x"));
    Path archive = image.layout(temporary.resolve("image.tar"));
    Inventory inventory = reader(null).read(ArchiveImage.at(archive, null, null, Bounds.USUAL));
    assertEquals("docker.io/library/debian:12", inventory.base());
  }

  @Test
  void directoriesAreReadWithoutFollowingLinks() throws Exception {
    Path root = Files.createDirectories(temporary.resolve("root/opt"));
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Files.writeString(outside.resolve("secret.lib"), "secret-1");
    Files.writeString(root.resolve("one.lib"), "one-1");
    Files.createSymbolicLink(root.resolve("two.lib"), outside.resolve("secret.lib"));
    Files.createSymbolicLink(root.resolve("more"), outside);
    Inventory inventory =
        reader(null).read(DirectoryImage.at(temporary.resolve("root"), Bounds.USUAL));
    assertEquals(List.of("one 1 in 0"), shown(inventory));
    assertNull(inventory.digest());
    assertTrue(inventory.layers().getFirst().digest().isEmpty());
  }

  private String ecosystem(InventoryReader reader, Path archive) throws IOException {
    return reader
        .read(ArchiveImage.at(archive, null, null, Bounds.USUAL))
        .components()
        .getFirst()
        .component()
        .ecosystem();
  }

  private InventoryReader reader(@org.jspecify.annotations.Nullable LayerCache cache) {
    return new InventoryReader(
        Stream.concat(Stream.of(libraries), Catalogers.all(ArchiveDigests.NONE).stream()).toList(),
        cache);
  }

  private Inventory read(byte[]... layers) throws IOException {
    return reader(null).read(ArchiveImage.at(archive("image", layers), null, null, Bounds.USUAL));
  }

  private Path archive(String name, byte[]... layers) throws IOException {
    return new TestImage(Form.GZIP, layers).layout(temporary.resolve(name + ".tar"));
  }

  private static byte[] layer(String... namesAndContents) {
    TestLayer layer = new TestLayer();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      layer.file(namesAndContents[i], namesAndContents[i + 1]);
    }
    return layer.tar();
  }

  private static String status(String... namesAndVersions) {
    StringBuilder status = new StringBuilder();
    for (int i = 0; i < namesAndVersions.length; i += 2) {
      status
          .append("Package: ")
          .append(namesAndVersions[i])
          .append("\nStatus: install ok installed\nDescription: some\n words\nVersion: ")
          .append(namesAndVersions[i + 1])
          .append("\n\n");
    }
    return status + "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n";
  }

  private static List<String> shown(Inventory inventory) {
    return inventory.components().stream()
        .map(one -> one.component().name() + " " + one.component().version() + " in " + one.layer())
        .toList();
  }

  @Test
  void oldReleaseFilesNameTheDistributionWhereThereIsNoOsRelease() throws Exception {
    byte[] packages = layer("var/lib/dpkg/status", status("bash", "5"));
    InventoryReader reader = reader(new LayerCache(temporary.resolve("cache"), 100));
    byte[] old = layer("etc/debian_version", "12.5\n", "var/lib/dpkg/status", status("bash", "5"));
    assertEquals("Debian:12", ecosystem(reader, archive("old", old)));
    assertEquals(
        "Debian:11",
        ecosystem(
            reader,
            archive("new", layer("usr/lib/os-release", "ID=debian\nVERSION_ID=11\n"), old)));
    assertEquals(
        "Debian:12",
        ecosystem(
            reader, archive("apart", layer("etc/debian_version", "bookworm/sid\n"), packages)));
    assertEquals(
        "Red Hat:6",
        ecosystem(
            reader,
            archive(
                "six", layer("etc/centos-release", "CentOS release 6.10 (Final)\n"), packages)));
    assertEquals(
        "Linux",
        ecosystem(reader, archive("none", layer("etc/redhat-release", "Own thing 1\n"), packages)));
  }

  @Test
  void filesWhoseNamesTheLocaleCannotShowStayApart() throws Exception {
    Path root = Files.createDirectories(temporary.resolve("root"));
    for (String name : List.of("%E4", "%F6", "%C3%BC")) {
      Files.writeString(Path.of(URI.create(root.toUri() + name + ".lib")), "one-1");
    }
    Inventory inventory = reader(null).read(DirectoryImage.at(root, Bounds.USUAL));
    assertEquals(
        Set.of("/\u00e4.lib", "/\u00f6.lib", "/\u00fc.lib"),
        inventory.components().stream()
            .map(one -> one.component().path())
            .collect(Collectors.toSet()));
  }

  @Test
  void whatMayNotBeLookedIntoIsToldAndNotPassedOver() throws Exception {
    ImageLayer closed =
        new ImageLayer() {
          @Override
          public String digest() {
            return "";
          }

          @Override
          public String contentDigest() {
            return "";
          }

          @Override
          public long size() {
            return 0;
          }

          @Override
          public String createdBy() {
            return "";
          }

          @Override
          public void read(LayerVisitor visitor) {
            visitor.closed("/secret");
          }
        };
    LayerContents contents = LayerReading.read(closed, List.of(libraries), Distribution.UNKNOWN);
    assertEquals(List.of("/secret: may not be looked into"), contents.problems());
  }
}
