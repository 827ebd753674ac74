package io.bulwark.cluster.apiserver.store.embedded;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store.Change;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries on disk, one row each, found by revision: new rows are appended, and the row
 * that a write replaces is known by its revision, so that no index of keys is needed. One thread at
 * a time.
 */
final class Journal implements AutoCloseable {
  private static final int PAGE = 4096;

  private final Path file;
  private final EmbeddedStore.Options options;
  private final @Nullable ValueCipher cipher;
  private @Nullable Open open;

  /** An open database with the statements of a commit. */
  private record Open(
      Connection connection,
      PreparedStatement insert,
      PreparedStatement delete,
      PreparedStatement advance) {}

  /** What is on disk. */
  record Loaded(KeyTree tree, long revision) {}

  Journal(Path file, EmbeddedStore.Options options, @Nullable ValueCipher cipher) {
    this.file = file;
    this.options = options;
    this.cipher = cipher;
  }

  private Open open() throws SQLException {
    Open current = open;
    if (current != null) {
      return current;
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute("PRAGMA busy_timeout=5000");
      statement.execute("PRAGMA journal_size_limit=67108864");
      statement.execute("PRAGMA max_page_count=" + Math.max(16, options.quotaBytes() / PAGE));
      statement.execute(
          "CREATE TABLE IF NOT EXISTS entry (revision INTEGER PRIMARY KEY, created INTEGER NOT NULL,"
              + " expires INTEGER NOT NULL, sealed INTEGER NOT NULL, key TEXT NOT NULL,"
              + " value BLOB NOT NULL)");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS newest (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL)");
      statement.execute("INSERT OR IGNORE INTO newest VALUES (1, 1)");
      connection.setAutoCommit(false);
      current =
          new Open(
              connection,
              connection.prepareStatement("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)"),
              connection.prepareStatement("DELETE FROM entry WHERE revision = ?"),
              connection.prepareStatement("UPDATE newest SET revision = ?"));
      open = current;
      return current;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /** The revision of the newest durable batch. */
  long revision() throws SQLException {
    Connection connection = open().connection();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT revision FROM newest")) {
      row.next();
      return row.getLong(1);
    } finally {
      connection.rollback();
    }
  }

  /** Reads everything; encrypts what should be and is not, or is with an old key. */
  Loaded load(Deadlines deadlines) throws SQLException {
    KeyTree tree = KeyTree.EMPTY;
    List<Entry> stale = new ArrayList<>();
    Connection connection = open().connection();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT revision, created, expires, sealed, key, value FROM entry")) {
      while (row.next()) {
        long revision = row.getLong(1);
        String key = row.getString(5);
        byte[] stored = row.getBytes(6);
        boolean sealed = row.getInt(4) != 0;
        byte[] value = sealed ? opened(key, revision, stored) : stored;
        Entry entry = new Entry(key, value, row.getLong(2), revision);
        tree = tree.with(entry);
        deadlines.set(key, row.getLong(3));
        if (cipher != null && encrypts(key) && !(sealed && cipher.current(stored))) {
          stale.add(entry);
        }
      }
    } finally {
      connection.rollback();
    }
    seal(stale);
    return new Loaded(tree, revision());
  }

  private byte[] opened(String key, long revision, byte[] stored) {
    if (cipher == null) {
      throw new IllegalStateException(key + " is encrypted, and no key file is configured");
    }
    return cipher.open(key, revision, stored);
  }

  private void seal(List<Entry> entries) throws SQLException {
    if (entries.isEmpty() || cipher == null) {
      return;
    }
    Connection connection = open().connection();
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE entry SET sealed = 1, value = ? WHERE revision = ?")) {
      for (Entry entry : entries) {
        update.setBytes(1, cipher.seal(entry.key(), entry.revision(), entry.value()));
        update.setLong(2, entry.revision());
        update.executeUpdate();
      }
      connection.commit();
    }
  }

  private boolean encrypts(String key) {
    return options.encryptedPrefixes().stream().anyMatch(key::startsWith);
  }

  /**
   * Makes a batch durable. After an exception it may be durable or not; {@link #revision} tells.
   */
  void commit(Batch batch) throws SQLException {
    Open to = open();
    try {
      for (Change change : batch.changes()) {
        Entry previous = change.previous();
        if (previous != null) {
          to.delete().setLong(1, previous.revision());
          to.delete().executeUpdate();
        }
        if (change.type() == Change.Type.PUT) {
          insert(to.insert(), change.entry(), batch.deadline(change.entry().key()));
        }
      }
      to.advance().setLong(1, batch.revision());
      to.advance().executeUpdate();
      to.connection().commit();
    } catch (SQLException failed) {
      abandon(failed);
      throw failed;
    }
  }

  private void insert(PreparedStatement insert, Entry entry, long deadline) throws SQLException {
    boolean sealed = cipher != null && encrypts(entry.key());
    byte[] value =
        cipher != null && sealed
            ? cipher.seal(entry.key(), entry.revision(), entry.value())
            : entry.value();
    insert.setLong(1, entry.revision());
    insert.setLong(2, entry.created());
    insert.setLong(3, deadline);
    insert.setInt(4, sealed ? 1 : 0);
    insert.setString(5, entry.key());
    insert.setBytes(6, value);
    insert.executeUpdate();
  }

  /** Closes the connection, which rolls back; the next use opens a new one. */
  private void abandon(SQLException cause) {
    try {
      close();
    } catch (SQLException second) {
      cause.addSuppressed(second);
    }
  }

  @Override
  public void close() throws SQLException {
    Open current = open;
    open = null;
    if (current != null) {
      current.connection().close();
    }
  }
}
