package io.bulwark.api.schema;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The descriptions: large and seldom read, so given back when memory is short. */
final class SchemaDescriptions {
  private static volatile SoftReference<byte[]> loaded = new SoftReference<>(null);

  private SchemaDescriptions() {}

  static String text(int index) {
    byte[] bytes = loaded.get();
    if (bytes == null) {
      bytes = SchemaResource.bytes("descriptions.bin");
      loaded = new SoftReference<>(bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int start = 4 + 4 * buffer.getInt(0);
    int from = index == 0 ? 0 : buffer.getInt(4 * index);
    return new String(
        bytes, start + from, buffer.getInt(4 + 4 * index) - from, StandardCharsets.UTF_8);
  }
}
