package io.bulwark.cluster.image.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes an honest input a little: always the same way for the same seed and number. */
final class Mutation {
  private static final int MOST_GROWTH = 2048;
  private static final long[] TELLING = {
    0,
    1,
    2,
    -1,
    -2,
    7,
    8,
    127,
    128,
    255,
    256,
    4095,
    4096,
    65_535,
    65_536,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final byte[] PLAIN =
      "\0\n\r\t \"'\\/:;,.-+@#=[]{}()<>0129azAZ~!%&*?_|^"
          .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  private final Target target;
  private final SplittableRandom random;
  private byte[] bytes;
  private int length;

  private Mutation(Target target, SplittableRandom random) {
    this.target = target;
    this.random = random;
    byte[] sample = target.samples().get(random.nextInt(target.samples().size()));
    this.bytes = Arrays.copyOf(sample, sample.length + 64);
    this.length = sample.length;
  }

  /** The input of a number, for a target and a seed. */
  static byte[] of(Target target, long seed, long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    Mutation mutation = new Mutation(target, random);
    int changes = 1 + Long.numberOfTrailingZeros(random.nextLong() | 1L << 12);
    for (int i = 0; i < changes; i++) {
      mutation.change();
    }
    return target.finish().of(Arrays.copyOf(mutation.bytes, mutation.length), random);
  }

  private void change() {
    boolean shift = target.shifts() || random.nextInt(16) == 0;
    switch (random.nextInt(shift ? 12 : 6)) {
      case 0 -> set(at(), (byte) (byteAt(at()) ^ (1 << random.nextInt(8))));
      case 1 -> set(at(), (byte) random.nextInt(256));
      case 2 -> set(at(), PLAIN[random.nextInt(PLAIN.length)]);
      case 3 -> number();
      case 4 -> digits();
      case 5 -> overwrite();
      case 6, 7 -> insertWord();
      case 8 -> delete();
      case 9 -> repeat();
      case 10 -> splice();
      default -> length = random.nextInt(8) == 0 ? at() : length;
    }
  }

  private int at() {
    return length == 0 ? 0 : random.nextInt(length);
  }

  private byte byteAt(int at) {
    return length == 0 ? 0 : bytes[at];
  }

  private void set(int at, byte value) {
    if (length > 0) {
      bytes[at] = value;
    }
  }

  /** A whole number of two, four or eight bytes that formats trip over. */
  private void number() {
    int size = 2 << random.nextInt(3);
    if (length < size) {
      return;
    }
    int at = random.nextInt(length - size + 1);
    at -= random.nextBoolean() ? at % size : 0;
    long value =
        random.nextInt(4) == 0
            ? random.nextInt(Math.max(1, 2 * length))
            : TELLING[random.nextInt(TELLING.length)];
    ByteBuffer in =
        ByteBuffer.wrap(bytes)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    switch (size) {
      case 2 -> in.putShort(at, (short) value);
      case 4 -> in.putInt(at, (int) value);
      default -> in.putLong(at, value);
    }
  }

  /** Another number where one is written in digits. */
  private void digits() {
    int at = at();
    int searched = 0;
    while (searched++ < length && (byteAt(at) < '0' || byteAt(at) > '9')) {
      at = (at + 1) % length;
    }
    while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
      bytes[at++] = (byte) ('0' + (random.nextInt(3) == 0 ? 9 : random.nextInt(10)));
    }
  }

  private void overwrite() {
    int from = at();
    int to = at();
    int count = Math.min(1 + random.nextInt(16), length - Math.max(from, to));
    System.arraycopy(bytes, from, bytes, to, Math.max(0, count));
  }

  private void insertWord() {
    if (target.words().isEmpty()) {
      insert(at(), PLAIN, random.nextInt(PLAIN.length), 1);
      return;
    }
    byte[] word = target.words().get(random.nextInt(target.words().size()));
    if (random.nextBoolean()) {
      int at = at();
      int count = Math.min(word.length, length - at);
      System.arraycopy(word, 0, bytes, at, count);
    } else {
      insert(at(), word, 0, word.length);
    }
  }

  private void delete() {
    int at = at();
    int count = Math.min(length - at, 1 + random.nextInt(1 << random.nextInt(8)));
    System.arraycopy(bytes, at + count, bytes, at, length - at - count);
    length -= count;
  }

  private void repeat() {
    int at = at();
    int count = Math.min(length - at, 1 + random.nextInt(32));
    byte[] piece = Arrays.copyOfRange(bytes, at, at + count);
    int times = random.nextInt(8) == 0 ? 1 + random.nextInt(40) : 1;
    for (int i = 0; i < times; i++) {
      insert(at, piece, 0, count);
    }
  }

  private void splice() {
    byte[] other = target.samples().get(random.nextInt(target.samples().size()));
    if (other.length > 0) {
      int from = random.nextInt(other.length);
      int count = Math.min(other.length - from, 1 + random.nextInt(1 << random.nextInt(9)));
      insert(at(), other, from, count);
    }
  }

  private void insert(int at, byte[] piece, int from, int count) {
    if (length + count > target.samples().getFirst().length + MOST_GROWTH) {
      return;
    }
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, length + count + 256);
    }
    System.arraycopy(bytes, at, bytes, at + count, length - at);
    System.arraycopy(piece, from, bytes, at, count);
    length += count;
  }
}
