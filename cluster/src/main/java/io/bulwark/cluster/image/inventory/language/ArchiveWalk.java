package io.bulwark.cluster.image.inventory.language;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.PartlyRead;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One pass through an archive and all archives inside it, first byte to last. Nothing is kept but
 * what tells names and versions. For one thread, once.
 *
 * <p>Depth, entries and the bytes that come out of all decompression together are bounded; past a
 * bound the whole archive is refused, since what lies behind it would go unseen.
 */
final class ArchiveWalk {
  private static final int DEEPEST = 16;
  private static final int MOST_ENTRIES = 1_000_000;
  private static final int MOST_POMS = 4_000;
  private static final int MOST_DESCRIPTIONS = 500;
  private static final int MOST_COMPONENTS = 50_000;
  private static final int LONGEST_PATH = 4096;
  private static final int LARGEST_MANIFEST = 4 << 20;
  private static final int LARGEST_PROPERTIES = 64 << 10;
  private static final int LARGEST_DESCRIPTION = 256 << 10;
  private static final int LARGEST_PREAMBLE = 1 << 20;
  private static final int LARGEST_HELD = 32 << 20;
  private static final int HEADER = 0x04034b50;
  private static final int EMPTY = 0x06054b50;

  private final ArchiveDigests digests;
  private final List<Component> found = new ArrayList<>();
  private long bytesLeft;
  private long heldLeft = 2L * LARGEST_HELD;
  private int entriesLeft = MOST_ENTRIES;
  private int pomsLeft = MOST_DESCRIPTIONS;
  private String damage = "";

  /**
   * @param size of the outermost archive in bytes
   */
  ArchiveWalk(ArchiveDigests digests, long size) {
    this.digests = digests;
    this.bytesLeft = Math.min(8L << 30, (128L << 20) + 32 * size);
  }

  /**
   * The components of an archive.
   *
   * @throws PartlyRead if it, or an archive in it, is damaged
   */
  List<Component> components(Window archive, String path) throws IOException {
    archive(archive, path, 0);
    if (!damage.isEmpty()) {
      throw new PartlyRead(damage, found);
    }
    return found;
  }

  private void archive(Window archive, String path, int depth) throws IOException {
    charge(Math.min(archive.size(), ZipDirectory.LARGEST));
    ZipDirectory directory = ZipDirectory.read(archive);
    if (directory == null) {
      charge(archive.size());
      try (InputStream in = archive.from(0)) {
        stream(in, path, depth);
      }
      return;
    }
    ArchiveEvidence evidence = new ArchiveEvidence(ArchiveName.of(path));
    IOException failure = null;
    try {
      listed(directory, evidence, path, depth);
    } catch (Refused refused) {
      throw refused;
    } catch (IOException damaged) {
      failure = damaged;
    }
    if (digests != ArchiveDigests.NONE) {
      MessageDigest sha1 = sha1();
      try (InputStream in = new DigestInputStream(archive.from(0), sha1)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      evidence.byDigest = digests.find(sha1.digest());
    }
    conclude(evidence, path, depth, failure);
  }

  private void listed(ZipDirectory directory, ArchiveEvidence evidence, String path, int depth)
      throws IOException {
    for (ZipDirectory.Entry entry : directory.entries()) {
      count();
      charge(entry.name().length());
      String name = entry.name();
      if (name.endsWith(".class")) {
        evidence.classFile(name);
      } else if (ArchiveName.archive(name)) {
        nested(directory, entry, path + "!/" + name, depth);
      } else if (telling(name)) {
        try (InputStream in = new Counted(directory.open(entry), true)) {
          metadata(in, name, evidence);
        }
      }
    }
  }

  private void nested(ZipDirectory directory, ZipDirectory.Entry entry, String path, int depth)
      throws IOException {
    deeper(path, depth);
    try {
      if (entry.stored()) {
        archive(directory.raw(entry), path, depth + 1);
        return;
      }
      try (InputStream in = new Counted(directory.open(entry), true)) {
        byte[] start = in.readNBytes((int) Math.min(heldLeft, LARGEST_HELD));
        int next = start.length < Math.min(heldLeft, LARGEST_HELD) ? -1 : in.read();
        if (next < 0) {
          heldLeft -= start.length;
          try {
            archive(Window.of(start), path, depth + 1);
          } finally {
            heldLeft += start.length;
          }
        } else {
          byte[] one = {(byte) next};
          stream(
              new SequenceInputStream(
                  Collections.enumeration(
                      List.of(new ByteArrayInputStream(start), new ByteArrayInputStream(one), in))),
              path,
              depth + 1);
        }
      }
    } catch (Refused refused) {
      throw refused;
    } catch (IOException damaged) {
      nameOnly(path);
      damaged(path, depth + 1, damaged);
    }
  }

  /** Reads an archive as it comes by, for want of a directory. */
  private void stream(InputStream raw, String path, int depth) throws IOException {
    ArchiveEvidence evidence = new ArchiveEvidence(ArchiveName.of(path));
    MessageDigest sha1 = sha1();
    BufferedInputStream in =
        new BufferedInputStream(
            digests == ArchiveDigests.NONE ? raw : new DigestInputStream(raw, sha1), 1 << 15);
    if (!atFirstEntry(in)) {
      throw new IOException("not a zip archive");
    }
    IOException failure = null;
    try {
      entries(new ZipArchiveInputStream(in), evidence, path, depth);
      if (digests != ArchiveDigests.NONE) {
        in.transferTo(OutputStream.nullOutputStream());
        evidence.byDigest = digests.find(sha1.digest());
      }
    } catch (Refused refused) {
      throw refused;
    } catch (IOException damaged) {
      failure = damaged;
    }
    conclude(evidence, path, depth, failure);
  }

  private void conclude(
      ArchiveEvidence evidence, String path, int depth, @Nullable IOException failure)
      throws IOException {
    evidence.complete();
    keep(ArchiveComponents.of(evidence, path, depth > 0));
    if (failure != null && depth == 0 && found.isEmpty()) {
      throw failure;
    }
    if (failure != null) {
      damaged(path, depth, failure);
    }
  }

  /** The first damage tells; the archive's own path stands before every problem anyway. */
  private void damaged(String path, int depth, IOException failure) {
    if (damage.isEmpty()) {
      String place = depth == 0 ? "" : path.substring(path.lastIndexOf("!/") + 2) + " in it: ";
      damage = place + failure.getMessage();
    }
  }

  private void entries(ZipArchiveInputStream zip, ArchiveEvidence evidence, String path, int depth)
      throws IOException {
    InputStream content = new Counted(zip, false);
    @Nullable ZipArchiveEntry entry;
    while ((entry = next(zip)) != null) {
      count();
      String name = entry.getName();
      if (entry.isDirectory() || !zip.canReadEntryData(entry)) {
        continue;
      }
      if (name.endsWith(".class")) {
        evidence.classFile(name);
      } else if (ArchiveName.archive(name)) {
        nested(content, path + "!/" + name, depth);
      } else {
        metadata(content, name, evidence);
      }
      if (entry.getCompressedSize() < 0) {
        content.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** The library has no checked exception for some kinds of damage. */
  private static @Nullable ZipArchiveEntry next(ZipArchiveInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (RuntimeException damaged) {
      throw new IOException("a damaged entry", damaged);
    }
  }

  private void nested(InputStream content, String path, int depth) throws IOException {
    deeper(path, depth);
    try {
      stream(content, path, depth + 1);
    } catch (Refused refused) {
      throw refused;
    } catch (IOException damaged) {
      nameOnly(path);
      damaged(path, depth + 1, damaged);
    }
  }

  private void nameOnly(String path) throws Refused {
    keep(ArchiveComponents.of(new ArchiveEvidence(ArchiveName.of(path)), path, true));
  }

  private void keep(List<Component> components) throws Refused {
    if (found.size() + components.size() > MOST_COMPONENTS) {
      throw new Refused("more than " + MOST_COMPONENTS + " components in one archive");
    }
    found.addAll(components);
  }

  private static boolean telling(String name) {
    return name.equalsIgnoreCase("META-INF/MANIFEST.MF")
        || name.contains("META-INF/maven/")
        || name.endsWith("/ServerInfo.properties");
  }

  private static void deeper(String path, int depth) throws Refused {
    if (path.length() > LONGEST_PATH) {
      throw new Refused("a path of more than " + LONGEST_PATH + " characters");
    }
    if (depth + 1 >= DEEPEST) {
      throw new Refused("archives inside one another more than " + DEEPEST + " deep");
    }
  }

  private void count() throws Refused {
    if (--entriesLeft < 0) {
      throw new Refused("more than " + MOST_ENTRIES + " entries");
    }
  }

  private void charge(long count) throws Refused {
    bytesLeft -= count;
    if (bytesLeft < 0) {
      throw new Refused("decompresses to too many bytes");
    }
  }

  private void metadata(InputStream content, String name, ArchiveEvidence evidence)
      throws IOException {
    if (name.equalsIgnoreCase("META-INF/MANIFEST.MF")) {
      evidence.manifest = Manifest.read(Bounded.read(content, LARGEST_MANIFEST));
    } else if (name.endsWith("org/apache/catalina/util/ServerInfo.properties")) {
      evidence.serverInfo =
          properties(Bounded.start(content, LARGEST_PROPERTIES)).getProperty("server.info", "");
    } else if (name.contains("META-INF/maven/")) {
      String[] steps = name.substring(name.indexOf("META-INF/maven/") + 15).split("/", -1);
      if (steps.length == 3 && evidence.places.size() < MOST_POMS) {
        if (Words.coordinate(steps[0]) && Words.coordinate(steps[1])) {
          evidence.places.add(new ArchiveEvidence.Place(steps[0], steps[1]));
        }
        if (steps[2].equals("pom.properties") && evidence.poms.size() < MOST_POMS) {
          pom(properties(Bounded.start(content, LARGEST_PROPERTIES)), evidence);
        } else if (steps[2].equals("pom.xml") && pomsLeft-- > 0) {
          String version = ProjectDescription.version(Bounded.start(content, LARGEST_DESCRIPTION));
          evidence.described(steps[0], steps[1], version);
        }
      }
    }
  }

  private static void pom(Properties properties, ArchiveEvidence evidence) {
    String group = properties.getProperty("groupId", "").strip();
    String artifact = properties.getProperty("artifactId", "").strip();
    String version = properties.getProperty("version", "").strip();
    evidence.pom(group, artifact, version);
  }

  private static Properties properties(byte[] bytes) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException badEscape) {
      properties.clear();
    }
    return properties;
  }

  /** Moves past a script that starts the archive, as executable archives have. */
  private static boolean atFirstEntry(BufferedInputStream in) throws IOException {
    in.mark(4);
    byte[] start = in.readNBytes(4);
    in.reset();
    if (start.length == 4 && (signature(start, 0) == HEADER || signature(start, 0) == EMPTY)) {
      return true;
    }
    in.mark(LARGEST_PREAMBLE);
    byte[] preamble = in.readNBytes(LARGEST_PREAMBLE);
    for (int i = 0; i + 4 <= preamble.length; i++) {
      if (preamble[i] == 'P' && signature(preamble, i) == HEADER) {
        in.reset();
        in.skipNBytes(i);
        return true;
      }
    }
    return false;
  }

  private static int signature(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  /** A bound was passed. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** Charges what is read of entries against the bound. */
  private final class Counted extends FilterInputStream {
    private final boolean closes;

    Counted(InputStream in, boolean closes) {
      super(in);
      this.closes = closes;
    }

    @Override
    public int read() throws IOException {
      int value;
      try {
        value = super.read();
      } catch (RuntimeException damaged) {
        throw new IOException("a damaged entry", damaged);
      }
      charge(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count;
      try {
        count = super.read(bytes, offset, length);
      } catch (RuntimeException damaged) {
        throw new IOException("a damaged entry", damaged);
      }
      charge(Math.max(count, 0));
      return count;
    }

    @Override
    public void close() throws IOException {
      if (closes) {
        super.close();
      }
    }
  }
}
