package io.bulwark.cluster.apiserver.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store.Written;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * The process that is killed. Each thread works on keys of its own: creates, changes and deletes
 * them in turn, and says on standard output what was acknowledged.
 */
final class CrashingWriter {
  private static final int THREADS = 6;
  private static final int KEYS = 5;

  private CrashingWriter() {}

  /**
   * @param args the directory of the store
   */
  public static void main(String[] args) throws Exception {
    if (System.in.read() < 0) {
      return;
    }
    EmbeddedStore store =
        EmbeddedStore.open(
            Path.of(args[0]).resolve("store"),
            EmbeddedStore.Options.encrypting(
                InstantSource.system(), Path.of(args[0]).resolve("key")));
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      Thread.ofPlatform().start(() -> write(store, number));
    }
  }

  private static String key(int thread, int key) {
    return (key == 0 ? "/secrets/" : "/pods/") + thread + "/" + key;
  }

  /** The thread that alone writes a key. */
  static String threadOf(String key) {
    return key.split("/", -1)[2];
  }

  private static void write(EmbeddedStore store, int thread) {
    Random random = new Random();
    while (true) {
      String key = key(thread, random.nextInt(KEYS));
      Entry now = store.get(key);
      Written written =
          now == null
              ? store.create(key, value(key, 1, random), null)
              : random.nextInt(5) == 0
                  ? store.delete(key, now.revision())
                  : store.update(key, now.revision(), value(key, now.created(), random), null);
      if (!(written instanceof Written.Done(var entry))) {
        throw new IllegalStateException("nobody else writes " + key);
      }
      String content = new String(entry.value(), UTF_8);
      String outcome = store.get(key) == null ? "deleted" : "written";
      acknowledge(key + " " + entry.revision() + " " + checksum(content) + " " + outcome + "\n");
    }
  }

  private static void acknowledge(String line) {
    OutputStream out = System.out;
    synchronized (CrashingWriter.class) {
      try {
        out.write(line.getBytes(UTF_8));
        out.flush();
      } catch (java.io.IOException parentIsGone) {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /** A value whose bytes prove themselves. */
  private static byte[] value(String key, long salt, Random random) {
    StringBuilder text = new StringBuilder(key).append(' ').append(salt).append(' ');
    text.repeat((char) ('a' + random.nextInt(26)), random.nextInt(20, 9000));
    return (text + " " + checksum(text.toString())).getBytes(UTF_8);
  }

  static boolean whole(Entry entry) {
    String text = new String(entry.value(), UTF_8);
    int last = text.lastIndexOf(' ');
    return text.startsWith(entry.key() + " ")
        && text.substring(last + 1).equals(checksum(text.substring(0, last)));
  }

  static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
