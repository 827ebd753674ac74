package io.bulwark.cluster.image.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.layer.TestImage.Form;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileLayerTest {
  private static final Bounds SMALL = new Bounds(1 << 20, 4, 100, 8 << 20, 12 << 20, 1 << 20, 50);

  @TempDir Path temporary;

  @Test
  void pathsThatLeaveTheRootAreRefused() throws Exception {
    refused("leaves the root", new TestLayer().file("../etc/passwd", "x"));
    refused("leaves the root", new TestLayer().file("a/../../b", "x"));
    refused("leaves the root", new TestLayer().hardLink("a", "../../etc/shadow"));
    refused("more than 4096 characters", new TestLayer().file("d/".repeat(3000) + "f", "x"));
  }

  @Test
  void absolutePathsAndLinksStayInside() throws Exception {
    TestLayer layer =
        new TestLayer()
            .file("/etc/a", "x")
            .symbolicLink("etc/b", "/../../etc/shadow")
            .hardLink("etc/c", "/etc/a")
            .device("dev/sda");
    List<LayerEntry> entries = entries(layer.tar());
    assertEquals("/etc/a", entries.get(0).path());
    assertEquals(LayerEntry.Type.SYMBOLIC_LINK, entries.get(1).type());
    assertEquals("/etc/a", entries.get(2).target());
    assertEquals(LayerEntry.Type.OTHER, entries.get(3).type());
  }

  @Test
  void decompressionBombsEndEarly() throws Exception {
    byte[] zeros = new byte[6 << 20];
    refused("decompression bomb", new TestLayer().file("zeros", zeros));
    byte[] noise = new byte[9 << 20];
    new java.util.Random(1).nextBytes(noise);
    refused("to more than", new TestLayer().file("noise", noise));
    byte[] half = Arrays.copyOf(noise, 7 << 20);
    byte[] one = new TestLayer().file("one", half).tar();
    byte[] two = new TestLayer().file("two", half).tar();
    Path archive = new TestImage(Form.GZIP, one, two).layout(temporary.resolve("two.tar"));
    RefusedImage refused =
        assertThrows(RefusedImage.class, () -> ArchiveImageTest.contents(archive, null, SMALL));
    assertTrue(String.valueOf(refused.getMessage()).contains("to more than"), refused.getMessage());
  }

  @Test
  void entryBombsEndEarly() throws Exception {
    TestLayer layer = new TestLayer();
    for (int i = 0; i < 200; i++) {
      layer.file("f" + i, "");
    }
    refused("more than 100 entries", layer);
  }

  @Test
  void extendedHeadersAreBounded() throws Exception {
    byte[] tar = header("././@LongLink", 'L', 1L << 34);
    refused("extended header of", tar);
    refused("more than 4096", new TestLayer().file("x".repeat(5000), "").tar());
    byte[] endless = header("././@LongLink", 'x', 512);
    byte[] both = Arrays.copyOf(endless, endless.length + 512);
    Arrays.fill(both, 512, 1024, (byte) '9');
    refused("damaged extended header", both);
  }

  @Test
  void truncatedLayersAreRefused() throws Exception {
    byte[] tar = new TestLayer().file("a", "x".repeat(5000)).tar();
    refused("cut off", Arrays.copyOf(tar, 2000));
    refused("cut off", Arrays.copyOf(tar, 700));
    refused("damaged header", "x".repeat(1024).getBytes(StandardCharsets.UTF_8));
    TestImage image = new TestImage(Form.GZIP, tar);
    byte[] gzip = TestLayer.gzip(tar);
    image.manifest.put(
        "layers",
        io.bulwark.api.tree.TreeList.of(
            image.add("application/vnd.oci.image.layer.v1.tar", Arrays.copyOf(gzip, 40))));
    Path archive = image.layout(temporary.resolve("gzip.tar"));
    RefusedImage refused =
        assertThrows(RefusedImage.class, () -> ArchiveImageTest.contents(archive, null, SMALL));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("gzip data is damaged"),
        refused.getMessage());
  }

  @Test
  void hugeSizesInHeadersAreNoReasonToWaitOrToAllocate() throws Exception {
    byte[] huge = header("a", '0', (1L << 33) - 1);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refused("cut off", huge));
    byte[] binary = header("a", '0', 1);
    binary[124] = (byte) 0xFF;
    refused("negative number", checksummed(binary));
  }

  @Property(tries = 2000)
  void anyBytesEndInEntriesOrInARefusal(@ForAll byte[] bytes) throws IOException {
    try {
      entries(bytes);
    } catch (RefusedImage refused) {
      assertTrue(!String.valueOf(refused.getMessage()).isBlank());
    }
  }

  @Property(tries = 500)
  void pathsComeOutNormalized(@ForAll String name) {
    try {
      String path = LayerPath.of(name);
      assertTrue(path.startsWith("/") && !path.contains("//"), path);
      assertTrue(!path.contains("/../") && !path.endsWith("/.."), path);
      assertEquals(path, LayerPath.of(path));
    } catch (RefusedImage refused) {
      assertTrue(name.contains("..") || name.indexOf('\0') >= 0 || name.length() > 4096);
    }
  }

  private void refused(String words, TestLayer layer) throws IOException {
    refused(words, layer.tar());
  }

  private void refused(String words, byte[] tar) throws IOException {
    Path archive = new TestImage(Form.GZIP, tar).layout(temporary.resolve("hostile.tar"));
    try {
      RefusedImage refused =
          assertThrows(
              RefusedImage.class, () -> ArchiveImageTest.contents(archive, null, SMALL), words);
      assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
    } finally {
      Files.delete(archive);
    }
  }

  private static List<LayerEntry> entries(byte[] tar) throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar), 100);
    for (var member = reader.next(); member != null; member = reader.next()) {
      entries.add(member.entry());
    }
    return entries;
  }

  private static byte[] header(String name, char type, long size) {
    byte[] header = new byte[512];
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, 0, bytes.length);
    byte[] octal = String.format("%011o", size).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 124, Math.min(12, octal.length));
    header[156] = (byte) type;
    return checksummed(header);
  }

  private static byte[] checksummed(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += header[i] & 0xFF;
    }
    byte[] octal = String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 148, 6);
    header[154] = 0;
    return header;
  }
}
