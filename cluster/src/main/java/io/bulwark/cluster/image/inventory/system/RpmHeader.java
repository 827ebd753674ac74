package io.bulwark.cluster.image.inventory.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The header of an installed package: an index of tags over a store of values, both big-endian.
 * Immutable.
 *
 * <p>Source: rpm.org documentation, "Header format"; tag numbers of rpmtag.h.
 */
final class RpmHeader {
  static final int NAME = 1000;
  static final int VERSION = 1001;
  static final int RELEASE = 1002;
  static final int EPOCH = 1003;
  static final int ARCH = 1022;
  static final int SOURCE_RPM = 1044;
  static final int MODULARITY_LABEL = 5096;

  private static final int INT32 = 4;
  private static final int STRING = 6;
  private static final int STRING_ARRAY = 8;
  private static final int I18N_STRING = 9;
  private static final int MOST_TAGS = 1 << 16;
  private static final int LONGEST = 1 << 12;

  private final Map<Integer, String> texts = new HashMap<>();
  private final Map<Integer, Long> numbers = new HashMap<>();

  private RpmHeader() {}

  /**
   * @throws IOException if the index points outside of the header
   */
  static RpmHeader parse(byte[] bytes) throws IOException {
    if (bytes.length < 8) {
      throw new IOException("a package header of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int tags = in.getInt();
    int store = in.getInt();
    if (tags < 1 || tags > MOST_TAGS || store < 0 || 8L + 16L * tags + store > bytes.length) {
      throw new IOException("a package header with " + tags + " tags in " + bytes.length);
    }
    RpmHeader header = new RpmHeader();
    int data = 8 + 16 * tags;
    for (int i = 0; i < tags; i++) {
      int tag = in.getInt();
      int type = in.getInt();
      int offset = in.getInt();
      in.getInt();
      if (wanted(tag)) {
        if (offset < 0 || offset >= store) {
          throw new IOException("a package header whose tag " + tag + " lies outside");
        }
        header.take(bytes, tag, type, data + offset, data + store);
      }
    }
    return header;
  }

  private static boolean wanted(int tag) {
    return (tag >= NAME && tag <= EPOCH)
        || tag == ARCH
        || tag == SOURCE_RPM
        || tag == MODULARITY_LABEL;
  }

  private void take(byte[] bytes, int tag, int type, int start, int end) throws IOException {
    if (type == INT32) {
      if (start + 4 > end) {
        throw new IOException("a package header whose tag " + tag + " is cut off");
      }
      numbers.put(tag, ByteBuffer.wrap(bytes).getInt(start) & 0xFFFFFFFFL);
    } else if (type == STRING || type == STRING_ARRAY || type == I18N_STRING) {
      int stop = start;
      while (stop < end && bytes[stop] != 0) {
        stop++;
      }
      if (stop == end || stop - start > LONGEST) {
        throw new IOException("a package header whose tag " + tag + " does not end");
      }
      texts.put(tag, new String(bytes, start, stop - start, StandardCharsets.UTF_8));
    }
  }

  /** Empty where the tag is missing. */
  String text(int tag) {
    return texts.getOrDefault(tag, "");
  }

  /** Zero where the tag is missing. */
  long number(int tag) {
    return numbers.getOrDefault(tag, 0L);
  }
}
