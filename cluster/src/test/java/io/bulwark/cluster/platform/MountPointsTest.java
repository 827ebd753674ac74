package io.bulwark.cluster.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountPointsTest {
  @Test
  void namesWithWhiteSpaceAndBackslashesAreReadAsTheyAre() {
    String table =
        """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        90 22 0:50 / /data\\040of\\011the\\134cluster rw - tmpfs tmpfs rw
        91 90 0:51 / /data\\040of\\011the\\134cluster/node rw - tmpfs tmpfs rw
        92 22 0:52 / /data\\040of\\011the\\134clusters rw - tmpfs tmpfs rw
        """;
    Path directory = Path.of("/data of\tthe\\cluster");
    assertEquals(
        List.of(directory.toString(), directory + "/node"), MountPoints.below(directory, table));
  }
}
