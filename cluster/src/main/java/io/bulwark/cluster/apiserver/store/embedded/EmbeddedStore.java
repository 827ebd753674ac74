package io.bulwark.cluster.apiserver.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The store of one control plane, in a directory of its own. All entries are in memory; SQLite
 * (write-ahead log, synced at each commit) makes them durable. Writes that wait at the same time
 * share a commit.
 *
 * <p>History is in memory only: after a restart the newest revision is the compacted one, so that
 * clients list again.
 */
public final class EmbeddedStore extends TimelineStore {
  private final DirectoryLock lock;
  private final Timeline timeline;
  private final Writer writer;

  private EmbeddedStore(
      DirectoryLock lock, Timeline timeline, Writer writer, Deadlines deadlines, Options options) {
    super(timeline, deadlines, options.clock(), options.history());
    this.lock = lock;
    this.timeline = timeline;
    this.writer = writer;
  }

  /**
   * @param history how long past revisions are kept; five minutes by default
   * @param historyBytes how much memory they may take, roughly; history is cut shorter beyond
   * @param quotaBytes how large the database file may grow before writes are refused
   * @param keyFile keys that encrypt values on disk, made where missing; null to encrypt nothing
   * @param encryptedPrefixes of keys whose values are encrypted on disk
   */
  public record Options(
      InstantSource clock,
      Duration history,
      long historyBytes,
      long quotaBytes,
      @Nullable Path keyFile,
      List<String> encryptedPrefixes) {
    static final Duration HISTORY = Duration.ofMinutes(5);

    private static final long QUOTA_BYTES = 8L << 30;

    public Options {
      encryptedPrefixes = List.copyOf(encryptedPrefixes);
      if (history.isNegative() || historyBytes < 0 || quotaBytes < 1) {
        throw new IllegalArgumentException("history and quota must not be negative");
      }
    }

    /** Secrets encrypted with the keys of a file, everything else as it is. */
    public static Options encrypting(InstantSource clock, Path keyFile) {
      return new Options(
          clock, HISTORY, historyBytesOfThisHeap(), QUOTA_BYTES, keyFile, List.of("/secrets/"));
    }

    /** Nothing encrypted. */
    public static Options plain(InstantSource clock) {
      return new Options(clock, HISTORY, historyBytesOfThisHeap(), QUOTA_BYTES, null, List.of());
    }

    static long historyBytesOfThisHeap() {
      return Runtime.getRuntime().maxMemory() / 8;
    }
  }

  /**
   * Opens the store of a directory, which is made where missing.
   *
   * @throws IOException if another process uses the directory, or it cannot be read or written
   */
  public static EmbeddedStore open(Path directory, Options options) throws IOException {
    Files.createDirectories(directory);
    DirectoryLock lock = DirectoryLock.of(directory);
    Path file = directory.resolve("bulwark.db");
    try {
      ValueCipher cipher = options.keyFile() == null ? null : ValueCipher.open(options.keyFile());
      Journal journal = new Journal(file, options, cipher);
      Deadlines deadlines = new Deadlines();
      Journal.Loaded loaded = journal.load(deadlines);
      Timeline timeline =
          new Timeline(
              new Timeline.Now(loaded.tree(), loaded.revision()),
              options.clock().millis(),
              options.historyBytes());
      Writer writer = new Writer(journal, timeline, deadlines, options.clock());
      EmbeddedStore store = new EmbeddedStore(lock, timeline, writer, deadlines, options);
      store.upkeep().start();
      return store;
    } catch (SQLException | IllegalStateException damaged) {
      lock.close();
      throw new IOException("cannot open " + file + ": " + damaged.getMessage(), damaged);
    } catch (IOException refused) {
      lock.close();
      throw refused;
    }
  }

  @Override
  Written write(Write write) {
    return writer.write(write);
  }

  /** Ends watches silently and lets writes that wait finish first. */
  @Override
  public void close() {
    upkeep().close();
    writer.close();
    timeline.close();
    try {
      lock.close();
    } catch (IOException harmless) {
      System.getLogger(EmbeddedStore.class.getName())
          .log(System.Logger.Level.WARNING, "the lock of the store was not released", harmless);
    }
  }
}
