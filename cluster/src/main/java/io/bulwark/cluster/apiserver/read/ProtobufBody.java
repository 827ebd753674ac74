package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
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
    byte[] message = shaped(item, encoding);
    Output out =
        encoding.shape() == Encoding.Shape.OBJECT
            ? open(
                kind.resource().groupVersion().toString(), kind.resource().kind(), message.length)
            : open(meta(encoding), "PartialObjectMetadata", message.length);
    return close(out.bytes(message));
  }

  static Output list(ListMeta metadata, List<Item> items, Kind kind, Encoding encoding) {
    Output head = new Output(128);
    byte[] listMeta = listMeta(metadata).toBytes();
    varint(head, (1 << 3) | 2);
    varint(head, listMeta.length);
    head.bytes(listMeta);
    long length = head.length();
    for (Item item : items) {
      int message = shaped(item, encoding).length;
      length += 1 + varintLength(message) + message;
    }
    Output out =
        encoding.shape() == Encoding.Shape.OBJECT
            ? open(
                kind.resource().groupVersion().toString(), kind.resource().kind() + "List", length)
            : open(meta(encoding), "PartialObjectMetadataList", length);
    out.bytes(head.toBytes());
    for (Item item : items) {
      byte[] message = shaped(item, encoding);
      varint(out, (2 << 3) | 2);
      varint(out, message.length);
      out.bytes(message);
    }
    return close(out);
  }

  private static String meta(Encoding encoding) {
    return "meta.k8s.io/" + encoding.metaVersion();
  }

  private static byte[] shaped(Item item, Encoding encoding) {
    byte[] message = item.message();
    return encoding.shape() == Encoding.Shape.OBJECT ? message : metadataOnly(message);
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

  /** Everything before the message, which has the given length. */
  private static Output open(String apiVersion, String kind, long length) {
    Output type = new Output(64);
    text(type, 1, apiVersion);
    text(type, 2, kind);
    Output out = new Output().bytes(MAGIC);
    varint(out, (1 << 3) | 2);
    varint(out, type.length());
    out.bytes(type.toBytes());
    varint(out, (2 << 3) | 2);
    varint(out, length);
    return out;
  }

  private static Output close(Output out) {
    text(out, 3, "");
    text(out, 4, "");
    return out;
  }

  private static void text(Output out, int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varint(out, (number << 3) | 2);
    varint(out, bytes.length);
    out.bytes(bytes);
  }

  private static int varintLength(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  private static void varint(Output out, long value) {
    byte[] bytes = new byte[10];
    int length = 0;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    out.bytes(bytes, 0, length);
  }
}
