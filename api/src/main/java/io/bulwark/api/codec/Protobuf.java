package io.bulwark.api.codec;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.tree.Tree;
import java.util.Arrays;

/**
 * Kubernetes protobuf to trees and back, for built-in kinds. A body is {@code k8s\0} and a {@code
 * runtime.Unknown} that names the kind and holds the object's message.
 *
 * <p>Thread-safe.
 *
 * <p>Source: k8s.io/apimachinery pkg/runtime/serializer/protobuf.
 */
public final class Protobuf {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private Protobuf() {}

  /** Whether bytes begin as a protobuf body does. */
  public static boolean is(byte[] body) {
    return body.length >= MAGIC.length
        && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Whether objects of a kind have a protobuf form. */
  public static boolean supports(GroupVersionKind kind) {
    Schema schema = Schemas.find(kind);
    return schema != null && WireMessage.of(schema).present();
  }

  /**
   * Reads a body; the tree has apiVersion and kind.
   *
   * @throws MalformedBody if it is none, or of a kind that has no protobuf form
   */
  public static Tree read(byte[] body) {
    if (!is(body)) {
      throw new MalformedBody(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    return ProtobufReading.envelope(body, MAGIC.length, 0);
  }

  /**
   * Reads the message of one object, without an envelope; the tree lacks apiVersion and kind.
   *
   * @throws MalformedBody if the bytes are no such message
   */
  public static Tree readMessage(byte[] message, Schema schema) {
    return ProtobufReading.message(message, schema);
  }

  /**
   * The body of an object that has apiVersion and kind.
   *
   * @throws IllegalArgumentException if the kind has no protobuf form, or a value is not of the
   *     type that its schema names
   */
  public static byte[] write(Tree object) {
    return envelope(object, schema(object));
  }

  /** {@link #write} of an object whose schema is known. */
  public static byte[] write(Tree object, Schema schema) {
    return envelope(object, schema);
  }

  /** The message of one object, without an envelope. */
  public static byte[] writeMessage(Tree object, Schema schema) {
    ReverseBuffer out = new ReverseBuffer(512);
    new ProtobufWriting(out).message(WireMessage.of(schema), object);
    return out.bytes();
  }

  /**
   * A frame of a watch: four bytes of length, most significant first, then the event.
   *
   * @param type {@code ADDED}, {@code MODIFIED}, {@code DELETED}, {@code BOOKMARK} or {@code ERROR}
   * @param body of the object, with its envelope
   */
  public static byte[] watchFrame(String type, byte[] body) {
    ReverseBuffer out = new ReverseBuffer(body.length + 32);
    int end = out.size();
    out.prepend(body);
    out.lengthAndTag(1, end);
    out.lengthAndTag(2, end);
    out.text(1, type);
    int length = out.size();
    out.prepend(
        new byte[] {
          (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        });
    return out.bytes();
  }

  private static Schema schema(Tree object) {
    GroupVersion version = GroupVersion.parse(object.textOrEmpty("apiVersion"));
    GroupVersionKind kind =
        new GroupVersionKind(version.group(), version.version(), object.textOrEmpty("kind"));
    Schema schema = Schemas.find(kind);
    if (schema == null) {
      throw new IllegalArgumentException(kind + " has no protobuf form");
    }
    return schema;
  }

  private static byte[] envelope(Tree object, Schema schema) {
    ReverseBuffer out = new ReverseBuffer(1024);
    ProtobufWriting writing = new ProtobufWriting(out);
    out.text(4, "");
    out.text(3, "");
    int end = out.size();
    writing.message(WireMessage.of(schema), object);
    out.lengthAndTag(2, end);
    end = out.size();
    out.text(2, object.textOrEmpty("kind"));
    out.text(1, object.textOrEmpty("apiVersion"));
    out.lengthAndTag(1, end);
    out.prepend(MAGIC);
    return out.bytes();
  }
}
