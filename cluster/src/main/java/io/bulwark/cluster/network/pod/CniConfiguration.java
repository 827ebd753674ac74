package io.bulwark.cluster.network.pod;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * The network configuration that the container runtime reads: a point-to-point link for each pod
 * and addresses from the node's own range.
 *
 * @param podRange of this node, such as {@code 10.244.0.0/24}
 * @param stateDirectory where assigned addresses are remembered
 * @param mtu of pod links, in bytes
 */
public record CniConfiguration(String podRange, Path stateDirectory, int mtu) {
  private static final String FILE = "10-bulwark.conflist";

  public Tree render() {
    Tree addresses =
        Tree.of(
            "type", "host-local",
            "dataDir", stateDirectory.toString(),
            "ranges", TreeList.of(TreeList.of(Tree.of("subnet", podRange))),
            "routes", TreeList.of(Tree.of("dst", "0.0.0.0/0")));
    Tree link = Tree.of("type", "ptp", "ipMasq", false, "mtu", mtu, "ipam", addresses);
    return Tree.of(
        "cniVersion", "0.4.0",
        "name", "bulwark",
        "plugins", TreeList.of(link));
  }

  /** Writes the configuration into a directory, at once for whoever reads it. */
  public void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    byte[] content = Json.write(render());
    Path file = directory.resolve(FILE);
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return;
    }
    Path fresh = directory.resolve("." + FILE);
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
