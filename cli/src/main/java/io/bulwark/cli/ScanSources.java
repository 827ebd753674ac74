package io.bulwark.cli;

import io.bulwark.cluster.image.layer.ArchiveImage;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.DirectoryImage;
import io.bulwark.cluster.image.layer.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;

/** Where the image of a scan comes from, and how registries are reached. */
final class ScanSources {
  @Mixin private DataDirectory data = new DataDirectory();

  Path dataDirectory() {
    return data.path();
  }

  /** The source that a path or a reference means; what exists as a path is one. */
  ImageSource find(String image) {
    Path path = Path.of(image);
    if (Files.isRegularFile(path) || ArchiveImage.layout(path)) {
      return ArchiveImage.at(path, null, null, Bounds.USUAL);
    }
    if (Files.isDirectory(path)) {
      return DirectoryImage.at(path, Bounds.USUAL);
    }
    throw new Refusal("there is no " + image);
  }
}
