package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.platform.http.Outgoing.Slice;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Puts kept messages together to protobuf bodies: {@code k8s\0} and a {@code runtime.Unknown}.
 *
 * <p>Source: the messages of apimachinery's runtime and meta/v1 {@code generated.proto}.
 */
final class ProtobufBody {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private ProtobufBody() {}

  /** The same encoding, in JSON where objects of the kind have no protobuf form. */
  static Encoding supported(Encoding encoding, GroupVersionKind kind) {
    return encoding.format() == Format.PROTOBUF && !Protobuf.supports(kind)
        ? new Encoding(
            Format.JSON,
            encoding.shape(),
            encoding.metaVersion(),
            encoding.rowObjects(),
            false,
            encoding.gzip())
        : encoding;
  }

  static byte[] message(Tree object, Kind kind) {
    Schema schema = Schemas.find(kind.resource().groupVersionKind());
    if (schema == null) {
      throw new IllegalArgumentException(kind.schema() + " has no protobuf form");
    }
    return Protobuf.writeMessage(object, schema);
  }

  /** The message of an object with nothing but its metadata, which is always the first field. */
  private static byte[] metadataOnly(byte[] message) {
    int at = 1;
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = message[at++];
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        return java.util.Arrays.copyOf(message, at + length);
      }
    }
  }

  static Output object(Item item, Kind kind, Encoding encoding) {
    boolean whole = encoding.shape() == Encoding.Shape.OBJECT;
    Output raw = new Output().bytes(whole ? item.message() : metadataOnly(item.message()));
    return whole
        ? envelope(kind.resource().groupVersion().toString(), kind.resource().kind(), raw)
        : envelope("meta.k8s.io/" + encoding.metaVersion(), "PartialObjectMetadata", raw);
  }

  static Output list(ListMeta metadata, List<Item> items, Kind kind, Encoding encoding) {
    boolean whole = encoding.shape() == Encoding.Shape.OBJECT;
    Output raw = new Output();
    field(raw, 1, listMeta(metadata));
    for (Item item : items) {
      byte[] message = item.message();
      field(raw, 2, new Output().bytes(whole ? message : metadataOnly(message)));
    }
    return whole
        ? envelope(kind.resource().groupVersion().toString(), kind.resource().kind() + "List", raw)
        : envelope("meta.k8s.io/" + encoding.metaVersion(), "PartialObjectMetadataList", raw);
  }

  private static Output listMeta(ListMeta metadata) {
    Output out = new Output(64);
    text(out, 1, "");
    text(out, 2, Long.toString(metadata.revision()));
    text(out, 3, metadata.next());
    if (metadata.remaining() != null && !metadata.next().isEmpty()) {
      varint(out, 4 << 3);
      varint(out, metadata.remaining());
    }
    return out;
  }

  private static Output envelope(String apiVersion, String kind, Output raw) {
    Output type = new Output(64);
    text(type, 1, apiVersion);
    text(type, 2, kind);
    Output out = new Output().bytes(MAGIC);
    field(out, 1, type);
    field(out, 2, raw);
    text(out, 3, "");
    text(out, 4, "");
    return out;
  }

  private static void field(Output out, int number, Output content) {
    varint(out, number << 3 | 2);
    varint(out, content.length());
    for (Slice slice : content.slices()) {
      out.bytes(slice.bytes(), slice.offset(), slice.offset() + slice.length());
    }
  }

  private static void text(Output out, int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varint(out, number << 3 | 2);
    varint(out, bytes.length);
    out.bytes(bytes);
  }

  private static void varint(Output out, long value) {
    byte[] bytes = new byte[10];
    int length = 0;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    out.bytes(bytes, 0, length);
  }
}
