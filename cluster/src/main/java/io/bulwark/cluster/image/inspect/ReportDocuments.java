package io.bulwark.cluster.image.inspect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The documents that belong to reports, compressed, one file each. Thread-safe. */
public final class ReportDocuments {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private final Path directory;

  /**
   * @param directory is made when the first document is kept
   */
  public ReportDocuments(Path directory) {
    this.directory = directory;
  }

  /** Whether there is one. */
  public boolean has(String namespace, String report) {
    return Files.exists(file(namespace, report));
  }

  /** Keeps a document in place of the one before. */
  public void keep(String namespace, String report, byte[] document) throws IOException {
    Path file = file(namespace, report);
    Path parent = Files.createDirectories(directory.resolve(namespace));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(document);
    }
    Path fresh = Files.createTempFile(parent, ".", ".new");
    try {
      Files.write(fresh, packed.toByteArray());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** The document, or null where there is none. */
  public byte @Nullable [] find(String namespace, String report) throws IOException {
    if (!NAME.matcher(namespace).matches() || !NAME.matcher(report).matches()) {
      return null;
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file(namespace, report)))) {
      return in.readAllBytes();
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  public void remove(String namespace, String report) throws IOException {
    Files.deleteIfExists(file(namespace, report));
  }

  private Path file(String namespace, String report) {
    if (!NAME.matcher(namespace).matches() || !NAME.matcher(report).matches()) {
      throw new IllegalArgumentException(namespace + "/" + report + " is no name of an object");
    }
    return directory.resolve(namespace).resolve(report + ".json.gz");
  }
}
