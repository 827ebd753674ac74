package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Whole responses in the form that was negotiated. */
public final class Responses {
  /** Source: upstream compresses responses larger than this, at the fastest level. */
  private static final int GZIP_FROM = 128 * 1024;

  private Responses() {}

  /** A stored object; its resourceVersion is the entry's revision. */
  public static Outgoing.Complete object(int status, Entry entry, Kind kind, Encoding encoding) {
    return object(status, Item.of(entry, kind), kind, encoding);
  }

  /** An object of a kind that is not stored: the outcome of a dry run. */
  public static Outgoing.Complete object(int status, Tree object, Kind kind, Encoding encoding) {
    return object(status, new Item.Made(object, kind), kind, encoding);
  }

  private static Outgoing.Complete object(int status, Item item, Kind kind, Encoding wanted) {
    Encoding encoding = ProtobufBody.supported(wanted, kind.resource().groupVersionKind());
    if (encoding.format() == Format.PROTOBUF) {
      return complete(status, ProtobufBody.object(item, kind, encoding), encoding);
    }
    Output out = new Output();
    switch (encoding.shape()) {
      case OBJECT -> item.whole(out);
      case METADATA -> item.metadata(out, encoding.metaVersion());
      case TABLE ->
          TableJson.write(
              out,
              Tree.of("resourceVersion", item.revision()),
              List.of(item),
              kind,
              encoding,
              true);
    }
    return finish(status, out, encoding);
  }

  /** Any other object, as it is: a Status, a Scale, a review. */
  public static Outgoing.Complete tree(int status, Tree object, Encoding wanted) {
    Encoding encoding = ProtobufBody.supported(wanted, kindOf(object));
    if (encoding.format() == Format.PROTOBUF) {
      return complete(status, new Output().bytes(Protobuf.write(object)), encoding);
    }
    return finish(status, new Output().bytes(Json.write(object)), encoding);
  }

  private static GroupVersionKind kindOf(Tree object) {
    GroupVersion version = GroupVersion.parse(object.textOrEmpty("apiVersion"));
    return new GroupVersionKind(version.group(), version.version(), object.textOrEmpty("kind"));
  }

  /** The Status of a failure, with a Retry-After header where it says when to come again. */
  public static Outgoing.Complete failure(Failure failure, Incoming incoming) {
    Tree status = Statuses.of(failure);
    int code = (int) status.number(500, "code");
    Outgoing.Complete plain = tree(code, status, Encoding.forError(incoming));
    long retry = status.number(0, "details", "retryAfterSeconds");
    if (retry == 0) {
      return plain;
    }
    Map<String, String> headers = new HashMap<>(plain.headers());
    headers.put("retry-after", Long.toString(retry));
    return new Outgoing.Complete(code, headers, plain.body());
  }

  static Outgoing.Complete list(
      ListMeta metadata, List<Entry> entries, Kind kind, Encoding wanted) {
    Encoding encoding = ProtobufBody.supported(wanted, kind.resource().groupVersionKind());
    List<Item> items = entries.stream().map(entry -> Item.of(entry, kind)).toList();
    if (encoding.format() == Format.PROTOBUF) {
      return complete(200, ProtobufBody.list(metadata, items, kind, encoding), encoding);
    }
    Output out = new Output();
    switch (encoding.shape()) {
      case OBJECT -> {
        open(out, kind.resource().kind() + "List", kind.resource().groupVersion().toString());
        out.bytes(Json.write(metadata.tree())).text(",\"items\":[");
        for (int i = 0; i < items.size(); i++) {
          out.text(i == 0 ? "" : ",");
          items.get(i).listed(out);
        }
        out.text("]}");
      }
      case METADATA -> {
        open(out, "PartialObjectMetadataList", "meta.k8s.io/" + encoding.metaVersion());
        out.bytes(Json.write(metadata.tree())).text(",\"items\":[");
        for (int i = 0; i < items.size(); i++) {
          out.text(i == 0 ? "" : ",");
          items.get(i).metadata(out, encoding.metaVersion());
        }
        out.text("]}");
      }
      case TABLE -> TableJson.write(out, metadata.tree(), items, kind, encoding, true);
    }
    return finish(200, out, encoding);
  }

  private static void open(Output out, String kind, String apiVersion) {
    out.text("{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":");
  }

  private static Outgoing.Complete finish(int status, Output json, Encoding encoding) {
    Output out =
        switch (encoding.format()) {
          case JSON ->
              encoding.pretty()
                  ? new Output().bytes(PrettyJson.of(json.toBytes())).text("\n")
                  : json.text("\n");
          case YAML -> new Output().bytes(Yaml.write(Json.read(json.toBytes())));
          case PROTOBUF -> throw new IllegalStateException("JSON was made for protobuf");
        };
    return complete(status, out, encoding);
  }

  private static Outgoing.Complete complete(int status, Output out, Encoding encoding) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", encoding.format().mediaType());
    List<Outgoing.Slice> body = out.slices();
    if (encoding.gzip() && out.length() > GZIP_FROM) {
      headers.put("content-encoding", "gzip");
      headers.put("vary", "Accept-Encoding");
      body = List.of(Outgoing.Slice.of(zipped(body)));
    }
    return new Outgoing.Complete(status, headers, body);
  }

  private static byte[] zipped(List<Outgoing.Slice> body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
    try (GZIPOutputStream gzip = new FastGzip(bytes)) {
      for (Outgoing.Slice slice : body) {
        gzip.write(slice.bytes(), slice.offset(), slice.length());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 64 * 1024);
      def.setLevel(1);
    }
  }
}
