package io.bulwark.api.schema;

import io.bulwark.api.meta.GroupVersionKind;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The bytes that the module {@code schemas} made, and an index of them. */
final class SchemaResource {
  private static final String DIRECTORY = "/io/bulwark/schemas/";

  private final byte[] bytes;
  private final int start;
  private final String[] names;
  private final int[] offsets;

  private SchemaResource(byte[] bytes, int start, String[] names, int[] offsets) {
    this.bytes = bytes;
    this.start = start;
    this.names = names;
    this.offsets = offsets;
  }

  static SchemaResource load() {
    byte[] bytes = bytes("types.bin");
    try {
      var stream = new ByteArrayInputStream(bytes);
      var in = new DataInputStream(stream);
      int count = in.readInt();
      String[] names = new String[count];
      int[] offsets = new int[count + 1];
      for (int i = 0; i < count; i++) {
        names[i] = in.readUTF();
        offsets[i] = in.readInt();
      }
      offsets[count] = in.readInt();
      return new SchemaResource(bytes, bytes.length - stream.available(), names, offsets);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static byte[] bytes(String file) {
    try (InputStream in = SchemaResource.class.getResourceAsStream(DIRECTORY + file)) {
      if (in == null) {
        throw new IllegalStateException(DIRECTORY + file + " is missing from the class path");
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  Set<String> names() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(names)));
  }

  @Nullable GroupVersionKind kind(String name) {
    try {
      DataInputStream in = block(name);
      if (in == null) {
        return null;
      }
      in.readInt();
      in.readUTF();
      return kind(in, name);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Nullable Schema read(String name) {
    try {
      DataInputStream in = block(name);
      if (in == null) {
        return null;
      }
      int text = in.readInt();
      String mapType = in.readUTF();
      GroupVersionKind kind = kind(in, name);
      int count = in.readShort();
      List<Field> fields = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        fields.add(field(in));
      }
      return new Schema(name, text, mapType, kind, fields);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private @Nullable DataInputStream block(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0
        ? null
        : new DataInputStream(
            new ByteArrayInputStream(bytes, start + offsets[at], offsets[at + 1] - offsets[at]));
  }

  private static @Nullable GroupVersionKind kind(DataInputStream in, String name)
      throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    String group = in.readUTF();
    String[] parts = name.split("\\.");
    return new GroupVersionKind(group, parts[parts.length - 2], parts[parts.length - 1]);
  }

  private Field field(DataInputStream in) throws IOException {
    String name = in.readUTF().intern();
    Type type = type(in);
    boolean required = in.readBoolean();
    int text = in.readInt();
    String strategies = in.readUTF();
    String mergeKey = in.readUTF().intern();
    String listType = in.readUTF().intern();
    List<String> listMapKeys = texts(in);
    String mapType = in.readUTF().intern();
    String defaultValue = in.readUTF().intern();
    List<String> enumeration = texts(in);
    return new Field(
        name,
        type,
        required,
        text,
        strategies.isEmpty() ? List.of() : List.of(strategies.split(",")),
        mergeKey,
        listType,
        listMapKeys,
        mapType,
        defaultValue,
        enumeration,
        parents(in),
        in.readShort(),
        in.readBoolean());
  }

  private static List<Integer> parents(DataInputStream in) throws IOException {
    int count = in.readByte();
    if (count == 0) {
      return List.of();
    }
    List<Integer> parents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parents.add((int) in.readShort());
    }
    return parents;
  }

  private Type type(DataInputStream in) throws IOException {
    String tag = in.readUTF();
    return switch (tag) {
      case "list" -> new Type.ListOf(type(in), false);
      case "wrapped" -> new Type.ListOf(type(in), true);
      case "map" -> new Type.MapOf(type(in));
      case "object" -> new Type.ObjectOf(names[in.readShort()]);
      default -> Type.Scalar.valueOf(tag);
    };
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    int count = in.readShort();
    if (count == 0) {
      return List.of();
    }
    String[] texts = new String[count];
    for (int i = 0; i < count; i++) {
      texts[i] = in.readUTF().intern();
    }
    return List.of(texts);
  }
}
