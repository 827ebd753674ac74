package io.bulwark.cluster.image.inspect;

import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.language.ArchiveDigests;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Matcher;
import io.bulwark.cluster.image.vulnerability.VulnerabilityDatabase;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The vulnerability data of a directory as of the last import: opened when first asked for, and
 * again after another import. Thread-safe.
 */
public final class LiveDatabase implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LiveDatabase.class.getName());

  private final Path directory;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private @Nullable VulnerabilityDatabase database;
  private @Nullable Matcher matcher;

  /**
   * @param directory may be missing: then there are no data until something is imported
   */
  public LiveDatabase(Path directory) {
    this.directory = directory;
  }

  /** What the data of now know against the components; nothing while there are no data. */
  public List<Finding> findings(Inventory inventory) {
    refresh();
    lock.readLock().lock();
    try {
      return matcher == null ? List.of() : matcher.findings(inventory);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Changes with what is known of Java archives by their digests; empty while that is nothing. */
  public String archivesVersion() {
    refresh();
    lock.readLock().lock();
    try {
      return database == null ? "" : database.archivesVersion();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** What Java archives are, by their digests, as the data of the moment of asking know it. */
  public ArchiveDigests archives() {
    return sha1 -> {
      lock.readLock().lock();
      try {
        return database == null ? null : database.archives().find(sha1);
      } finally {
        lock.readLock().unlock();
      }
    };
  }

  /** Changes with the data; empty while there are none. */
  public String version() {
    refresh();
    lock.readLock().lock();
    try {
      return database == null ? "" : database.version();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void refresh() {
    lock.writeLock().lock();
    try {
      VulnerabilityDatabase before = database;
      if (before == null || before.outdated()) {
        VulnerabilityDatabase fresh = VulnerabilityDatabase.open(directory);
        database = fresh;
        matcher = new Matcher(fresh);
        if (before != null) {
          before.close();
        }
      }
    } catch (NoSuchFileException none) {
      return;
    } catch (IOException broken) {
      LOG.log(System.Logger.Level.WARNING, "vulnerability data: " + broken.getMessage());
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (database != null) {
        database.close();
        database = null;
        matcher = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
