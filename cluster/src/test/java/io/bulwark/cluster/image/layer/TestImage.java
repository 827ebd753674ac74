package io.bulwark.cluster.image.layer;

import com.github.luben.zstd.Zstd;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An image made in a test: contents by digest, and the forms in which images travel. */
public final class TestImage {
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** Blobs by digest. */
  public final Map<String, byte[]> blobs = new LinkedHashMap<>();

  public final List<byte[]> layers;
  public final byte[] config;
  public final Tree manifest;

  /** What layers are compressed with. */
  public enum Form {
    PLAIN,
    GZIP,
    ZSTD
  }

  public TestImage(Form form, byte[]... tars) {
    this(form, Map.of(), tars);
  }

  public TestImage(Form form, Map<String, String> annotations, byte[]... tars) {
    layers = List.of(tars);
    TreeList contents = new TreeList();
    TreeList history = new TreeList();
    TreeList stored = new TreeList();
    for (byte[] tar : tars) {
      contents.add(Digests.sha256(tar));
      history.add(Tree.of("created_by", "layer " + contents.size()));
      byte[] blob =
          switch (form) {
            case PLAIN -> tar;
            case GZIP -> TestLayer.gzip(tar);
            case ZSTD -> Zstd.compress(tar);
          };
      stored.add(add("application/vnd.oci.image.layer.v1.tar+" + form, blob));
    }
    config =
        Json.write(
            Tree.of(
                "architecture",
                Platform.machine().architecture(),
                "history",
                history,
                "os",
                "linux",
                "rootfs",
                Tree.of("diff_ids", contents, "type", "layers")));
    manifest =
        Tree.of(
            "config",
            add("application/vnd.oci.image.config.v1+json", config),
            "layers",
            stored,
            "mediaType",
            MANIFEST,
            "schemaVersion",
            2);
    Tree notes = new Tree();
    annotations.forEach(notes::put);
    manifest.put("annotations", notes);
  }

  /** Keeps a content; returns its descriptor. */
  public Tree add(String mediaType, byte[] content) {
    String digest = Digests.sha256(content);
    blobs.put(digest, content);
    return Tree.of("digest", digest, "mediaType", mediaType, "size", (long) content.length);
  }

  /** Keeps the manifest as it is now; returns its descriptor. */
  public Tree manifestDescriptor() {
    return add(MANIFEST, Json.write(manifest));
  }

  /** Writes an image layout as one tar archive. */
  public Path layout(Path archive, Tree... entries) throws IOException {
    TreeList manifests = new TreeList(List.of(entries));
    if (entries.length == 0) {
      manifests.add(manifestDescriptor());
    }
    TestLayer tar = new TestLayer();
    tar.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    tar.file("index.json", Json.write(Tree.of("manifests", manifests, "schemaVersion", 2)));
    blobs.forEach((digest, blob) -> tar.file("blobs/" + digest.replace(':', '/'), blob));
    return Files.write(archive, tar.tar());
  }

  /** Writes what {@code docker save} wrote before version 25. */
  public Path dockerSave(Path archive, String tag) throws IOException {
    TestLayer tar = new TestLayer();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      names.add("layer" + i + "/layer.tar");
      tar.file(names.get(i), layers.get(i));
    }
    String configName = Digests.sha256(config).substring(7) + ".json";
    tar.file(configName, config);
    Tree image =
        Tree.of("Config", configName, "Layers", new TreeList(names), "RepoTags", TreeList.of(tag));
    tar.file("manifest.json", Json.writeAny(TreeList.of(image)));
    return Files.write(archive, tar.tar());
  }
}
