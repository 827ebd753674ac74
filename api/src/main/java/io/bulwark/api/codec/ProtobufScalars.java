package io.bulwark.api.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.bulwark.api.quantity.Durations;
import io.bulwark.api.schema.Type;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Values without fields of their own, and the small messages that some of them are. */
final class ProtobufScalars {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private ProtobufScalars() {}

  static int wire(Type.Scalar scalar) {
    return switch (scalar) {
      case INT32, INT64, BOOLEAN -> WireFormat.WIRETYPE_VARINT;
      case DOUBLE -> WireFormat.WIRETYPE_FIXED64;
      default -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
    };
  }

  /** A value that is no message. */
  static Object primitive(CodedInputStream in, Type.Scalar scalar) throws IOException {
    return switch (scalar) {
      case STRING -> in.readString();
      case BYTES -> Base64.getEncoder().encodeToString(in.readByteArray());
      case INT32 -> (long) in.readInt32();
      case INT64 -> in.readInt64();
      case DOUBLE -> in.readDouble();
      case BOOLEAN -> in.readBool();
      default -> throw new IllegalArgumentException(scalar.name());
    };
  }

  /** What stands for a value that a map entry leaves out. */
  static @Nullable Object absent(Type type) {
    return switch (type) {
      case Type.Scalar scalar ->
          switch (scalar) {
            case INT32, INT64, INT_OR_STRING -> 0L;
            case DOUBLE -> 0.0;
            case BOOLEAN -> false;
            case QUANTITY -> "0";
            case TIME, MICRO_TIME, RAW_EXTENSION, FIELDS_V1, JSON -> null;
            default -> "";
          };
      case Type.ListOf list -> new io.bulwark.api.tree.TreeList();
      case Type.ObjectOf object -> new Tree();
      case Type.MapOf map -> new Tree();
    };
  }

  /** A value that is a small message of its own; null where the message is empty of meaning. */
  static @Nullable Object message(CodedInputStream in, Type.Scalar scalar) throws IOException {
    int length = in.readRawVarint32();
    return switch (scalar) {
      case QUANTITY -> {
        String text = onlyText(in, length);
        yield text.isEmpty() ? "0" : text;
      }
      case TIME -> time(in, length, SECONDS);
      case MICRO_TIME -> time(in, length, MICROSECONDS);
      case INT_OR_STRING -> intOrString(in, length);
      case DURATION -> Durations.format(Duration.ofNanos(numbers(in, length)[0]));
      case FIELDS_V1, JSON -> json(onlyBytes(in, length));
      case EMPTY_OBJECT -> {
        onlyBytes(in, length);
        yield new Tree();
      }
      default -> throw new IllegalArgumentException(scalar.name());
    };
  }

  static @Nullable Object json(byte[] raw) {
    return raw.length == 0 ? null : Json.readAny(raw, null);
  }

  /** The only field of a message, which is bytes. */
  static byte[] onlyBytes(CodedInputStream in, int length) throws IOException {
    int limit = in.pushLimit(length);
    byte[] bytes = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == (1 << 3 | 2)) {
        bytes = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return bytes;
  }

  private static String onlyText(CodedInputStream in, int length) throws IOException {
    return new String(onlyBytes(in, length), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The first two fields of a message, which are numbers. */
  private static long[] numbers(CodedInputStream in, int length) throws IOException {
    int limit = in.pushLimit(length);
    long[] numbers = new long[2];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 -> numbers[0] = in.readInt64();
        case 2 << 3 -> numbers[1] = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return numbers;
  }

  private static @Nullable String time(CodedInputStream in, int length, DateTimeFormatter format)
      throws IOException {
    long[] parts = numbers(in, length);
    if (parts[0] == 0 && parts[1] == 0) {
      return null;
    }
    try {
      return format.format(Instant.ofEpochSecond(parts[0], parts[1]));
    } catch (DateTimeException | ArithmeticException beyond) {
      throw new MalformedBody("proto: time out of range");
    }
  }

  private static Object intOrString(CodedInputStream in, int length) throws IOException {
    int limit = in.pushLimit(length);
    long type = 0;
    long number = 0;
    String text = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 -> type = in.readInt64();
        case 2 << 3 -> number = in.readInt32();
        case 3 << 3 | 2 -> text = in.readString();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    return type == 1 ? (Object) text : (Object) number;
  }
}
