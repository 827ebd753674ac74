package io.bulwark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.assembly.InventoryReader;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.node.OwnContainerd;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are read out of a real containerd. */
class NodeStoreTest {
  @TempDir private Path temporary;

  @Test
  void anImageIsReadFromTheNodesStore() throws Exception {
    Path root = temporary.resolve("root");
    Files.createDirectories(root.resolve("var/lib/dpkg"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
    Files.writeString(root.resolve("var/lib/dpkg/status"), "Package: zlib1g\nVersion: 1:1.2.13\n");
    Path archive = temporary.resolve("image.tar");
    Reference reference = Reference.of("registry.bulwark.local/stored:1");
    ImageBuilder.build(root, reference, ImageConfiguration.running("/bin/true"), archive);
    try (OwnContainerd containerd = OwnContainerd.start()) {
      containerd.images().add(archive);
      ImageSource source = NodeImages.find(containerd.directory(), reference, null, Bounds.USUAL);
      assertNotNull(source);
      Inventory inventory = InventoryReader.withAll(null).read(source);
      assertEquals(1, inventory.components().size(), inventory.toString());
      assertEquals("zlib1g", inventory.components().getFirst().component().name());
      assertEquals("Debian:12", inventory.components().getFirst().component().ecosystem());
      Reference other = Reference.of("registry.bulwark.local/other:1");
      assertNull(NodeImages.find(containerd.directory(), other, null, Bounds.USUAL));
      assertNull(NodeImages.find(temporary, reference, null, Bounds.USUAL));
    }
  }
}
