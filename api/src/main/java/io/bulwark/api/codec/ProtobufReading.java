package io.bulwark.api.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Field;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.schema.Type;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads messages into trees. One instance for one body; not thread-safe. */
final class ProtobufReading {
  /** Source: the default of protobuf's own readers. */
  private static final int DEPTH = 100;

  private final CodedInputStream in;
  private final int outerDepth;
  private int depth;

  private ProtobufReading(CodedInputStream in, int outerDepth) {
    this.in = in;
    this.outerDepth = outerDepth;
  }

  /** Reads a {@code runtime.Unknown} that begins at an offset. */
  static Tree envelope(byte[] body, int offset, int depth) {
    if (depth > 4) {
      throw tooDeep();
    }
    String apiVersion = "";
    String kind = "";
    byte[] raw = {};
    try {
      CodedInputStream in = CodedInputStream.newInstance(body, offset, body.length - offset);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case 1 << 3 | 2 -> {
            int limit = in.pushLimit(in.readRawVarint32());
            for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
              switch (inner) {
                case 1 << 3 | 2 -> apiVersion = in.readString();
                case 2 << 3 | 2 -> kind = in.readString();
                default -> skip(in, inner);
              }
            }
            in.popLimit(limit);
          }
          case 2 << 3 | 2 -> raw = in.readByteArray();
          default -> skip(in, tag);
        }
      }
    } catch (IOException broken) {
      throw malformed(broken);
    }
    GroupVersion version = GroupVersion.parse(apiVersion);
    GroupVersionKind known = new GroupVersionKind(version.group(), version.version(), kind);
    Schema schema = Schemas.find(known);
    if (schema == null) {
      throw new MalformedBody(
          "no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
    }
    Tree tree = new ProtobufReading(CodedInputStream.newInstance(raw), depth).message(schema);
    tree.put("apiVersion", apiVersion);
    tree.put("kind", kind);
    return tree;
  }

  static Tree message(byte[] message, Schema schema) {
    return new ProtobufReading(CodedInputStream.newInstance(message), 0).message(schema);
  }

  private Tree message(Schema schema) {
    Tree tree = new Tree();
    try {
      fields(WireMessage.of(schema), tree);
      in.checkLastTagWas(0);
    } catch (IOException broken) {
      throw malformed(broken);
    }
    return tree;
  }

  private void fields(WireMessage message, Tree tree) throws IOException {
    if (++depth > DEPTH) {
      throw tooDeep();
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (message.numbered(WireFormat.getTagFieldNumber(tag))) {
        case WireMessage.OfField(_, Field field) -> field(field, tag, tree);
        case WireMessage.Inlined(_, WireMessage inner) -> {
          int limit = enter(tag, "inlined");
          fields(inner, tree);
          in.popLimit(limit);
        }
        case null -> skip(in, tag);
      }
    }
    depth--;
  }

  private void field(Field field, int tag, Tree tree) throws IOException {
    String name = field.name();
    switch (field.type()) {
      case Type.ListOf list when list.wrapped() -> {
        int limit = enter(tag, name);
        TreeList elements = new TreeList();
        for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
          if (WireFormat.getTagFieldNumber(inner) == 1) {
            elements(list.element(), inner, name, elements);
          } else {
            skip(in, inner);
          }
        }
        in.popLimit(limit);
        tree.put(name, elements);
      }
      case Type.ListOf list -> elements(list.element(), tag, name, tree.childList(name));
      case Type.MapOf map -> entry(map.value(), tag, name, tree.child(name));
      case Type.ObjectOf object -> {
        // A message that comes in parts is merged, as protobuf has it.
        Tree into = tree.get(name) instanceof Tree before ? before : new Tree();
        object(object, tag, name, into);
        tree.put(name, into);
      }
      case Type.Scalar scalar -> {
        Object value = scalar(scalar, tag, name);
        if (value == null || (!field.keepsZero() && zero(scalar, value))) {
          tree.remove(name);
        } else {
          tree.put(name, value);
        }
      }
    }
  }

  private void elements(Type element, int tag, String name, TreeList into) throws IOException {
    boolean packed =
        element instanceof Type.Scalar scalar
            && ProtobufScalars.wire(scalar) != WireFormat.WIRETYPE_LENGTH_DELIMITED
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    if (packed && element instanceof Type.Scalar scalar) {
      int limit = in.pushLimit(in.readRawVarint32());
      while (in.getBytesUntilLimit() > 0) {
        into.add(ProtobufScalars.primitive(in, scalar));
      }
      in.popLimit(limit);
      return;
    }
    into.add(value(element, tag, name));
  }

  private void entry(Type type, int tag, String name, Tree into) throws IOException {
    int limit = enter(tag, name);
    String key = "";
    Object value = null;
    for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(inner)) {
        case 1 -> {
          expect(inner, WireFormat.WIRETYPE_LENGTH_DELIMITED, name);
          key = in.readString();
        }
        case 2 -> value = value(type, inner, name);
        default -> skip(in, inner);
      }
    }
    in.popLimit(limit);
    into.put(key, value == null ? ProtobufScalars.absent(type) : value);
  }

  private @Nullable Object value(Type type, int tag, String name) throws IOException {
    return switch (type) {
      case Type.ObjectOf object -> {
        Tree tree = new Tree();
        object(object, tag, name, tree);
        yield tree;
      }
      case Type.Scalar scalar -> scalar(scalar, tag, name);
      case Type.ListOf list -> {
        Tree holder = new Tree();
        int limit = enter(tag, name);
        for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
          if (WireFormat.getTagFieldNumber(inner) == 1) {
            elements(list.element(), inner, name, holder.childList(name));
          } else {
            skip(in, inner);
          }
        }
        in.popLimit(limit);
        yield holder.list(name);
      }
      case Type.MapOf map -> throw new IllegalStateException(name + ": a map in a list or map");
    };
  }

  private void object(Type.ObjectOf object, int tag, String name, Tree into) throws IOException {
    int limit = enter(tag, name);
    fields(WireMessage.of(object.schema()), into);
    in.popLimit(limit);
  }

  private @Nullable Object scalar(Type.Scalar scalar, int tag, String name) throws IOException {
    expect(tag, ProtobufScalars.wire(scalar), name);
    return switch (scalar) {
      case STRING, BYTES, INT32, INT64, DOUBLE, BOOLEAN -> ProtobufScalars.primitive(in, scalar);
      case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> schemaOr(scalar, name);
      case RAW_EXTENSION -> {
        byte[] raw = ProtobufScalars.onlyBytes(in, in.readRawVarint32());
        yield Protobuf.is(raw) ? envelope(raw, 4, outerDepth + 1) : ProtobufScalars.json(raw);
      }
      default -> ProtobufScalars.message(in, scalar);
    };
  }

  private Object schemaOr(Type.Scalar scalar, String name) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Type.ObjectOf schema = new Type.ObjectOf(ProtobufWriting.JSON_SCHEMA);
    Object single = null;
    boolean allows = false;
    TreeList list = new TreeList();
    boolean bool = scalar == Type.Scalar.SCHEMA_OR_BOOL;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      if (number == (bool ? 2 : 1)) {
        single = value(schema, tag, name);
      } else if (bool && number == 1) {
        expect(tag, WireFormat.WIRETYPE_VARINT, name);
        allows = in.readBool();
      } else if (number == 2) {
        list.add(
            value(scalar == Type.Scalar.SCHEMA_OR_ARRAY ? schema : Type.Scalar.STRING, tag, name));
      } else {
        skip(in, tag);
      }
    }
    in.popLimit(limit);
    if (single != null) {
      return single;
    }
    return bool ? (Object) allows : list;
  }

  private int enter(int tag, String name) throws IOException {
    expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED, name);
    return in.pushLimit(in.readRawVarint32());
  }

  private static boolean zero(Type.Scalar scalar, Object value) {
    return switch (scalar) {
      case STRING, BYTES, INT32, INT64, DOUBLE, BOOLEAN, INT_OR_STRING ->
          value.equals("") || value.equals(0L) || value.equals(0.0) || value.equals(false);
      default -> false;
    };
  }

  private static void expect(int tag, int wire, String name) {
    if (WireFormat.getTagWireType(tag) != wire) {
      throw new MalformedBody(
          "proto: wrong wireType = " + WireFormat.getTagWireType(tag) + " for field " + name);
    }
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    int wire = WireFormat.getTagWireType(tag);
    if (wire == WireFormat.WIRETYPE_START_GROUP || wire == WireFormat.WIRETYPE_END_GROUP) {
      throw new MalformedBody("proto: illegal wireType " + wire);
    }
    in.skipField(tag);
  }

  private static MalformedBody tooDeep() {
    return new MalformedBody("proto: exceeded max depth");
  }

  private static MalformedBody malformed(IOException broken) {
    return new MalformedBody("proto: " + broken.getMessage());
  }
}
