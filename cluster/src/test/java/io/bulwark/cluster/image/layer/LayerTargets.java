package io.bulwark.cluster.image.layer;

import com.github.luben.zstd.Zstd;
import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The parsers of archives, layers and the documents of images, for the fuzzer. */
public final class LayerTargets {
  private static final String EMPTY = "sha256:" + "a".repeat(64);
  private static final String OTHER = "sha256:" + "b".repeat(64);
  private static final Bounds SMALL =
      new Bounds(1 << 16, 64, 10_000, 4 << 20, 8 << 20, 1 << 20, 250);
  private static final String CONFIGURATION =
      """
      {"architecture":"amd64","created":"2024-01-01T00:00:00Z","os":"linux",
       "config":{"Labels":{"org.opencontainers.image.base.name":"debian:12"}},
       "rootfs":{"type":"layers","diff_ids":["%s"]},
       "history":[{"created_by":"ADD x"},{"created_by":"ENV","empty_layer":true}]}
      """
          .formatted(EMPTY);
  private static final String MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
       "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
       "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s",
         "size":10}],"annotations":{"a":"b"}}
      """;
  private static final String INDEX =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
       {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%d,
        "platform":{"os":"linux","architecture":"amd64"},
        "annotations":{"org.opencontainers.image.ref.name":"a:1"}},
       {"digest":"%s","size":3,"annotations":{"vnd.docker.reference.type":"attestation-manifest"},
        "platform":{"os":"unknown","architecture":"unknown"}}]}
      """;
  private static final List<String> WORDS =
      Target.json(
          "schemaVersion",
          "mediaType",
          "config",
          "digest",
          "size",
          "layers",
          "manifests",
          "platform",
          "annotations",
          "rootfs",
          "diff_ids",
          "history",
          "variant",
          "created");

  private LayerTargets() {}

  public static List<Target> all() {
    byte[] tar =
        new TestLayer()
            .directory("etc")
            .file("etc/a", "content")
            .hardLink("b", "etc/a")
            .symbolicLink("c", "../d")
            .tar();
    byte[] extended = new TestLayer().file("x".repeat(120), "long").device("dev/null").tar();
    byte[] trimmed = java.util.Arrays.copyOf(tar, 512 * 6);
    byte[] long2 = java.util.Arrays.copyOf(extended, 512 * 6);
    Target plain = Target.binary("tar", LayerTargets::tar, trimmed, long2);
    byte[] configuration = CONFIGURATION.getBytes(StandardCharsets.UTF_8);
    byte[] manifest = manifest(configuration);
    return List.of(
        plain.finished(LayerTargets::summed),
        Target.binary("layer-gzip", LayerTargets::layer, trimmed, long2)
            .finished((changed, random) -> packed(changed, random, TestLayer::gzip)),
        Target.binary("layer-zstd", LayerTargets::layer, trimmed, long2)
            .finished((changed, random) -> packed(changed, random, Zstd::compress)),
        Target.text(
            "manifest",
            List.of(Target.text(manifest)),
            WORDS,
            input -> open(input, Map.of(Digests.sha256(configuration), configuration))),
        Target.text(
            "image-configuration",
            List.of(CONFIGURATION),
            WORDS,
            input -> open(manifest(input), Map.of(Digests.sha256(input), input))),
        Target.text(
            "image-index",
            List.of(INDEX.formatted(Digests.sha256(manifest), manifest.length, OTHER)),
            WORDS,
            input ->
                open(
                    input,
                    Map.of(
                        Digests.sha256(manifest), manifest,
                        Digests.sha256(configuration), configuration))),
        Target.text(
            "docker-archive",
            List.of(
                "{\"Config\":\"c.json\",\"RepoTags\":[\"a:1\",\"b\"],\"Layers\":[\"l/layer.tar\"]}"),
            Target.json("Config", "RepoTags", "Layers"),
            input -> docker(input, configuration)));
  }

  private static byte[] manifest(byte[] configuration) {
    return MANIFEST
        .formatted(Digests.sha256(configuration), configuration.length, OTHER)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void open(byte[] root, Map<String, byte[]> others) throws IOException {
    Map<String, byte[]> all = new HashMap<>(others);
    String digest = Digests.sha256(root);
    all.put(digest, root);
    Blobs blobs =
        descriptor -> {
          byte[] content = all.get(descriptor.digest());
          if (content == null) {
            throw new RefusedImage("not there");
          }
          return new ByteArrayInputStream(content);
        };
    Platform linux = new Platform("linux", "amd64", "");
    try (Image image =
        ManifestImage.open("r", "r", Descriptor.of("", digest, root.length), blobs, linux, SMALL)) {
      image.layers().forEach(ImageLayer::createdBy);
    }
  }

  private static void docker(byte[] input, byte[] configuration) throws IOException {
    Tree image;
    try {
      image = Json.read(input);
    } catch (RuntimeException malformed) {
      throw new IOException(malformed);
    }
    NamedFiles files =
        name ->
            LayerPath.of(name).equals("/c.json")
                ? new ByteArrayInputStream(configuration)
                : InputStream.nullInputStream();
    try (Image opened = DockerArchive.open(files, List.of(image), "r", "a:1", SMALL)) {
      opened.layers().forEach(ImageLayer::createdBy);
    }
  }

  private static void tar(byte[] input) throws IOException {
    read(new ByteArrayInputStream(input));
  }

  private static void layer(byte[] input) throws IOException {
    CountedStream stored = new CountedStream(new ByteArrayInputStream(input));
    try (InputStream plain = Decompression.of(stored)) {
      read(new BoundedContent(plain, stored::count, SMALL, SMALL.layerBytes()));
    }
  }

  private static void read(InputStream in) throws IOException {
    TarReader tar = new TarReader(in, SMALL.entries());
    for (var member = tar.next(); member != null; member = tar.next()) {
      tar.content().skip(1L << 20);
    }
  }

  private interface Compression {
    byte[] of(byte[] plain);
  }

  private static byte[] packed(byte[] changed, SplittableRandom random, Compression compression) {
    byte[] packed = compression.of(summed(changed, random));
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(random.nextBoolean() ? Math.min(24, packed.length) : packed.length);
      packed[at] = (byte) random.nextInt(256);
    }
    return random.nextInt(16) == 0
        ? java.util.Arrays.copyOf(packed, random.nextInt(packed.length))
        : packed;
  }

  /** Mends the sums of headers, without which nothing else of them would be read. */
  private static byte[] summed(byte[] tar, SplittableRandom random) {
    if (random.nextInt(16) == 0) {
      return tar;
    }
    for (int at = 0; at + 512 <= tar.length; at += 512) {
      if (tar[at + 257] == 'u' && tar[at + 258] == 's') {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
          sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xFF;
        }
        for (int i = 5; i >= 0; i--) {
          tar[at + 148 + i] = (byte) ('0' + (sum & 7));
          sum >>= 3;
        }
        tar[at + 154] = 0;
        tar[at + 155] = ' ';
      }
    }
    return tar;
  }
}
