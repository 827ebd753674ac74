package io.bulwark.cluster.apiserver.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.apiserver.store.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes, again and again, and looks for every write that it was told of. The
 * next process starts while the last one's store is checked.
 */
class StoreCrashTest {
  private static final int KILLS = Integer.getInteger("bulwark.kills", 200);

  @TempDir Path directory;
  private final Random random = new Random();

  /** What is known of a key that is there: from the last acknowledged write or the last check. */
  private record Known(long revision, String checksum) {}

  private final Map<String, Known> known = new HashMap<>();

  @Test
  void everyAcknowledgedWriteSurvivesTwoHundredKills(TestReporter reporter) throws Exception {
    Process next = start();
    long acknowledged = 0;
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        Process victim = next;
        victim.getOutputStream().write('\n');
        victim.getOutputStream().flush();
        acknowledged += runAndKill(victim);
        next = start();
        check(kill);
      }
    } finally {
      next.destroyForcibly().waitFor();
    }
    reporter.publishEntry(
        Map.of("kills", Integer.toString(KILLS), "acknowledged", Long.toString(acknowledged)));
    assertTrue(acknowledged > KILLS, "only " + acknowledged + " acknowledged writes");
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                CrashingWriter.class.getName(),
                directory.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Only what the store needs: a short class path starts faster. */
  private static String classPath() {
    Set<String> entries = new HashSet<>();
    for (Class<?> needed :
        List.of(CrashingWriter.class, EmbeddedStore.class, org.sqlite.JDBC.class)) {
      entries.add(
          Path.of(
                  java.net.URI.create(
                      needed.getProtectionDomain().getCodeSource().getLocation().toString()))
              .toString());
    }
    return String.join(java.io.File.pathSeparator, entries);
  }

  private long runAndKill(Process victim) throws Exception {
    long lines = 0;
    try (BufferedReader reader = victim.inputReader(UTF_8)) {
      String line = reader.readLine();
      Thread killer = killLater(victim);
      while (line != null) {
        String[] words = line.split(" ");
        if (words.length == 4 && words[3].equals("written")) {
          known.put(words[0], new Known(Long.parseLong(words[1]), words[2]));
          lines++;
        } else if (words.length == 4 && words[3].equals("deleted")) {
          known.remove(words[0]);
          lines++;
        }
        line = reader.readLine();
      }
      killer.join();
    }
    assertEquals(137, victim.waitFor(), "the process ended by itself");
    return lines;
  }

  /** SIGKILL within 5 to 200 ms: often in the middle of a commit, sometimes of a checkpoint. */
  private Thread killLater(Process victim) {
    long delay = TimeUnit.MILLISECONDS.toNanos(random.nextInt(5, 200));
    return Thread.startVirtualThread(
        () -> {
          long end = System.nanoTime() + delay;
          while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
          victim.toHandle().destroyForcibly();
        });
  }

  /**
   * Every key is as the last acknowledged write left it, but for one key of each thread: the kill
   * may have cut off the acknowledgement of the thread's last write.
   */
  private void check(int kill) throws Exception {
    Map<String, Known> found = new HashMap<>();
    try (EmbeddedStore store =
        EmbeddedStore.open(
            directory.resolve("store"),
            EmbeddedStore.Options.encrypting(InstantSource.system(), directory.resolve("key")))) {
      Set<Long> revisions = new HashSet<>();
      for (Entry entry : store.range("/", "", 0, 0).entries()) {
        assertTrue(CrashingWriter.whole(entry), "half-written " + entry.key());
        assertTrue(revisions.add(entry.revision()), "revision twice: " + entry.revision());
        assertTrue(entry.revision() <= store.revision(), "revision went back");
        String checksum = CrashingWriter.checksum(new String(entry.value(), UTF_8));
        found.put(entry.key(), new Known(entry.revision(), checksum));
      }
    }
    Set<String> keys = new HashSet<>(known.keySet());
    keys.addAll(found.keySet());
    Set<String> cutOff = new HashSet<>();
    for (String key : keys) {
      Known last = known.get(key);
      Known now = found.get(key);
      if (!Objects.equals(last, now)) {
        String where = "kill " + kill + ", " + key + ": acknowledged " + last + ", found " + now;
        assertTrue(cutOff.add(CrashingWriter.threadOf(key)), where);
        assertTrue(last == null || now == null || now.revision > last.revision, where);
      }
    }
    known.clear();
    known.putAll(found);
  }
}
