package io.bulwark.cluster.image.build;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Makes image archives out of directories. The archive is an OCI image layout in one tar file with
 * one layer; equal input gives equal bytes. Its index names the image in full, because containerd's
 * CRI finds an imported image by nothing else.
 *
 * <p>Source: OCI image specification 1.1, image-layout; containerd's annotation {@code
 * io.containerd.image.name}.
 */
public final class ImageBuilder {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  private ImageBuilder() {}

  /**
   * Writes the archive of an image whose file system is a directory.
   *
   * @throws IOException if the directory cannot be read or the archive cannot be written
   */
  public static void build(
      Path rootfs, Reference name, ImageConfiguration configuration, Path archive)
      throws IOException {
    Layer layer = Layer.of(rootfs);
    byte[] config =
        Json.write(
            Tree.of(
                "architecture", configuration.architecture(),
                "config", configuration.config(),
                "created", "1970-01-01T00:00:00Z",
                "os", "linux",
                "rootfs",
                    Tree.of("diff_ids", TreeList.of(layer.contentDigest()), "type", "layers")));
    byte[] manifest =
        Json.write(
            Tree.of(
                "config",
                descriptor(CONFIG, config),
                "layers",
                TreeList.of(descriptor(LAYER, layer.compressed())),
                "mediaType",
                MANIFEST,
                "schemaVersion",
                2));
    Tree entry = descriptor(MANIFEST, manifest);
    String tag = name.text().substring(name.text().lastIndexOf(':') + 1);
    entry.put(
        "annotations",
        Tree.of("io.containerd.image.name", name.text(), "org.opencontainers.image.ref.name", tag));
    entry.put("platform", Tree.of("architecture", configuration.architecture(), "os", "linux"));
    byte[] index =
        Json.write(
            Tree.of(
                "manifests",
                TreeList.of(entry),
                "mediaType",
                "application/vnd.oci.image.index.v1+json",
                "schemaVersion",
                2));
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(file, "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      add(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
      add(tar, "index.json", index);
      blob(tar, manifest);
      blob(tar, config);
      blob(tar, layer.compressed());
    }
  }

  /** Writes the archive of the image that holds a pod's namespaces, for this machine. */
  public static void buildPause(Reference name, Path archive) throws IOException {
    Path rootfs = Files.createTempDirectory("bulwark-pause");
    Path program = rootfs.resolve("pause");
    try {
      Files.write(program, PauseProgram.executable(ImageConfiguration.machine()));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      ImageConfiguration plain = ImageConfiguration.running("/pause");
      build(
          rootfs,
          name,
          new ImageConfiguration(
              plain.architecture(),
              plain.entrypoint(),
              plain.command(),
              "65535:65535",
              plain.environment(),
              null,
              null),
          archive);
    } finally {
      Files.deleteIfExists(program);
      Files.deleteIfExists(rootfs);
    }
  }

  private static Tree descriptor(String mediaType, byte[] content) {
    return Tree.of("digest", Digest.of(content), "mediaType", mediaType, "size", content.length);
  }

  private static void blob(TarArchiveOutputStream tar, byte[] content) throws IOException {
    add(tar, "blobs/sha256/" + Digest.of(content).substring("sha256:".length()), content);
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setModTime(0);
    entry.setMode(0644);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
