package io.bulwark.cli;

import io.bulwark.cluster.NodeImages;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.ArchiveImage;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.DirectoryImage;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.layer.Platform;
import io.bulwark.cluster.image.registry.DockerCredentials;
import io.bulwark.cluster.image.registry.RegistryConfiguration;
import io.bulwark.cluster.image.registry.RegistryFailure;
import io.bulwark.cluster.image.registry.RegistryImage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the image of a scan comes from, and how registries are reached. */
final class ScanSources {
  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "Which image of an archive that holds several: its name or tag.")
  private @Nullable String name;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH[/VARIANT]",
      description = "Which image of an index (default: for this machine).")
  private @Nullable String platform;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificate authorities (PEM) to trust besides the system's; repeatable.")
  private List<Path> authorities = List.of();

  @Option(
      names = "--mirror",
      paramLabel = "HOST=URL",
      description = "Ask URL before the registry HOST; repeatable, asked in order.")
  private List<String> mirrors = List.of();

  @Option(
      names = "--plain-http",
      description = "Speak HTTP without TLS to registries on loopback addresses, and only there.")
  private boolean plain;

  @Mixin private DataDirectory data = new DataDirectory();

  DataDirectory data() {
    return data;
  }

  /** The source that a path or a reference means; what exists as a path is one. */
  ImageSource find(String image) {
    if (image.isBlank()) {
      throw new Refusal("IMAGE is empty");
    }
    Path path = path(image);
    if (Files.isRegularFile(path) || ArchiveImage.layout(path)) {
      return ArchiveImage.at(path, name, platform(), Bounds.USUAL);
    }
    if (Files.isDirectory(path)) {
      return DirectoryImage.at(path, Bounds.USUAL);
    }
    if (Files.exists(path)) {
      throw new Refusal(image + " is neither a file nor a directory");
    }
    Reference reference;
    try {
      reference = Reference.of(image);
    } catch (IllegalArgumentException malformed) {
      throw new Refusal("there is no " + image + ", and it is no image reference either");
    }
    if (image.startsWith("/") || image.startsWith(".")) {
      throw new Refusal("there is no " + image);
    }
    Path known = data.known();
    ImageSource stored =
        known == null ? null : NodeImages.find(known, reference, platform(), Bounds.USUAL);
    if (stored != null) {
      return stored;
    }
    ImageSource registry = RegistryImage.at(reference, registries(), platform(), Bounds.USUAL);
    return () -> {
      try {
        return registry.open();
      } catch (RegistryFailure failed) {
        throw new Refusal(
            "there is no file or directory %s, and as a reference: %s"
                .formatted(image, failed.getMessage()));
      }
    };
  }

  private static Path path(String image) {
    try {
      return Path.of(image);
    } catch (InvalidPathException malformed) {
      throw new Refusal("IMAGE is neither a path nor a reference");
    }
  }

  private @Nullable Platform platform() {
    try {
      return platform == null ? null : Platform.of(platform);
    } catch (IllegalArgumentException malformed) {
      throw new Refusal("--platform: " + malformed.getMessage());
    }
  }

  private RegistryConfiguration registries() {
    Map<String, List<URI>> byHost = new HashMap<>();
    try {
      for (String mirror : mirrors) {
        int equals = mirror.indexOf('=');
        if (equals <= 0) {
          throw new Refusal("--mirror is HOST=URL, not " + mirror);
        }
        byHost
            .computeIfAbsent(mirror.substring(0, equals), host -> new ArrayList<>())
            .add(URI.create(mirror.substring(equals + 1)));
      }
      return new RegistryConfiguration(
          authorities,
          byHost,
          plain,
          DockerCredentials.usual(System.getenv()),
          Duration.ofSeconds(30));
    } catch (IllegalArgumentException malformed) {
      throw new Refusal("--mirror: " + malformed.getMessage());
    }
  }
}
