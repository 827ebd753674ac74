package io.bulwark.cluster.image.inventory.system;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes package databases of rpm for tests, in each form. */
final class RpmFiles {
  private static final int PAGE = 4096;

  private RpmFiles() {}

  static byte[] header(String name, String version, String release, int epoch, int padding) {
    Map<Integer, byte[]> tags = new LinkedHashMap<>();
    tags.put(63, new byte[16]);
    tags.put(RpmHeader.NAME, text(name));
    tags.put(RpmHeader.VERSION, text(version));
    tags.put(RpmHeader.RELEASE, text(release));
    if (epoch > 0) {
      tags.put(RpmHeader.EPOCH, ByteBuffer.allocate(4).putInt(epoch).array());
    }
    tags.put(1005, text("x".repeat(padding)));
    tags.put(RpmHeader.ARCH, text("x86_64"));
    tags.put(RpmHeader.SOURCE_RPM, text(name + "-" + version + "-" + release + ".src.rpm"));
    ByteArrayOutputStream store = new ByteArrayOutputStream();
    ByteBuffer index = ByteBuffer.allocate(16 * tags.size());
    tags.forEach(
        (tag, value) -> {
          int type = tag == RpmHeader.EPOCH ? 4 : tag == 63 ? 7 : 6;
          while (type == 4 && store.size() % 4 != 0) {
            store.write(0);
          }
          index.putInt(tag).putInt(type).putInt(store.size()).putInt(1);
          store.writeBytes(value);
        });
    return ByteBuffer.allocate(8 + index.capacity() + store.size())
        .putInt(tags.size())
        .putInt(store.size())
        .put(index.array())
        .put(store.toByteArray())
        .array();
  }

  private static byte[] text(String value) {
    return (value + "\0").getBytes(StandardCharsets.UTF_8);
  }

  static byte[] sqlite(Path file, List<byte[]> headers) throws Exception {
    Files.deleteIfExists(file);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)");
      statement.execute("CREATE TABLE 'Name' (key TEXT, hnum INTEGER)");
      statement.execute("CREATE INDEX Name_key_idx ON Name (key)");
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("INSERT INTO Packages (blob) VALUES (?)")) {
        for (byte[] header : headers) {
          insert.setBytes(1, header);
          insert.execute();
        }
      }
      connection.commit();
    }
    return Files.readAllBytes(file);
  }

  static byte[] ndb(List<byte[]> headers) {
    int slotPages = (headers.size() + 2) * 16 / PAGE + 1;
    int start = slotPages * PAGE;
    int size = start;
    for (byte[] header : headers) {
      size += (16 + header.length + 12 + 15) / 16 * 16;
    }
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RpmP".getBytes(StandardCharsets.US_ASCII));
    file.putInt(0).putInt(1).putInt(slotPages).putInt(headers.size() + 1);
    for (int slot = 32; slot < start; slot += 16) {
      file.put(slot, "Slot".getBytes(StandardCharsets.US_ASCII));
    }
    int at = start;
    for (int i = 0; i < headers.size(); i++) {
      byte[] header = headers.get(i);
      int units = (16 + header.length + 12 + 15) / 16;
      int slot = 32 + 16 * i;
      file.putInt(slot + 4, i + 1).putInt(slot + 8, at / 16).putInt(slot + 12, units);
      file.put(at, "BlbS".getBytes(StandardCharsets.US_ASCII));
      file.putInt(at + 4, i + 1).putInt(at + 8, 1).putInt(at + 12, header.length);
      file.put(at + 16, header);
      at += units * 16;
    }
    return file.array();
  }

  /** A hash of one bucket a header, each value that does not fit in pages of its own. */
  static byte[] berkeley(List<byte[]> headers, ByteOrder order) {
    List<ByteBuffer> pages = new ArrayList<>();
    ByteBuffer first = page(pages, 8, order);
    first.putInt(12, 0x061561).putInt(16, 9).putInt(20, PAGE);
    for (int i = 0; i < headers.size(); i++) {
      byte[] header = headers.get(i);
      ByteBuffer bucket = page(pages, 13, order);
      byte[] value;
      if (header.length < PAGE / 4) {
        value = new byte[header.length + 1];
        value[0] = 1;
        System.arraycopy(header, 0, value, 1, header.length);
      } else {
        ByteBuffer item = ByteBuffer.allocate(12).order(order);
        item.put(0, (byte) 3).putInt(4, pages.size()).putInt(8, header.length);
        value = item.array();
        overflow(pages, header, order);
      }
      byte[] key = {1, (byte) i, (byte) (i >> 8), 0, 0};
      int keyAt = PAGE - key.length;
      int valueAt = keyAt - value.length;
      bucket.putShort(20, (short) 2).putShort(26, (short) keyAt).putShort(28, (short) valueAt);
      bucket.put(keyAt, key).put(valueAt, value);
    }
    first.putInt(32, pages.size() - 1);
    ByteBuffer file = ByteBuffer.allocate(PAGE * pages.size());
    pages.forEach(one -> file.put(one.array()));
    return file.array();
  }

  private static void overflow(List<ByteBuffer> pages, byte[] value, ByteOrder order) {
    int room = PAGE - 26;
    for (int at = 0; at < value.length; at += room) {
      int count = Math.min(room, value.length - at);
      ByteBuffer page = page(pages, 7, order);
      page.putInt(16, at + count < value.length ? pages.size() : 0);
      page.putShort(22, (short) count).put(26, value, at, count);
    }
  }

  private static ByteBuffer page(List<ByteBuffer> pages, int type, ByteOrder order) {
    ByteBuffer page = ByteBuffer.allocate(PAGE).order(order);
    page.putInt(8, pages.size()).put(25, (byte) type);
    pages.add(page);
    return page;
  }
}
