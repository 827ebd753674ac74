package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.Found;
import io.bulwark.cluster.image.inventory.ImageFile;
import io.bulwark.cluster.image.inventory.PartlyRead;
import io.bulwark.cluster.image.inventory.assembly.LayerContents.ReadFile;
import io.bulwark.cluster.image.layer.ImageLayer;
import io.bulwark.cluster.image.layer.LayerEntry;
import io.bulwark.cluster.image.layer.LayerVisitor;
import io.bulwark.cluster.image.layer.RefusedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over one layer: catalogers see the files that they read. For one thread, once. */
final class LayerReading {
  private static final long LARGEST_FILE = 2L << 30;
  private static final long LARGEST_SPOOL = 6L << 30;
  private static final int MOST_COMPONENTS = Found.MOST;

  /** Of the paths and components that are kept, in characters. */
  private static final long MOST_KEPT = 128L << 20;

  private static final int MOST_PROBLEMS = 1_000;

  /** Of one content, each of which is read; further names show what the first one shows. */
  private static final int MOST_NAMES = 16;

  private final List<Cataloger> catalogers;
  private final Distribution below;
  private final Map<String, Set<Component>> files = new LinkedHashMap<>();
  private final Map<String, String> links = new LinkedHashMap<>();
  private final List<String> removed = new ArrayList<>();
  private final List<String> emptied = new ArrayList<>();
  private final PathSet.Builder covered = new PathSet.Builder();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, List<Deferred>> deferred = new LinkedHashMap<>();
  private @Nullable Distribution own;
  private int ownRank = OsRelease.RANKS;
  private boolean asked;
  private int components;
  private long characters;

  /**
   * @param others paths of the same content that show the same
   */
  private record Deferred(Cataloger cataloger, SpooledFile file, List<String> others) {}

  private LayerReading(List<Cataloger> catalogers, Distribution below) {
    this.catalogers = catalogers;
    this.below = below;
  }

  /**
   * Reads a layer.
   *
   * @param below what the layers below say of the distribution
   * @throws RefusedImage if the layer is hostile or damaged; a file that is damaged is a problem
   *     that is noted
   */
  static LayerContents read(ImageLayer layer, List<Cataloger> catalogers, Distribution below)
      throws IOException {
    LayerReading reading = new LayerReading(catalogers, below);
    try (Spool spool = new Spool(LARGEST_SPOOL)) {
      layer.read(reading.new Visitor(spool));
      reading.readDeferred();
    }
    if (reading.unresolved()) {
      reading.readLinked(layer);
    }
    return reading.contents(layer.contentDigest());
  }

  private LayerContents contents(String contentDigest) {
    List<ReadFile> found = new ArrayList<>();
    files.forEach((path, shown) -> found.add(new ReadFile(path, List.copyOf(shown))));
    return new LayerContents(
        contentDigest,
        own(),
        (asked && own() == null) || (own != null && OsRelease.old(ownRank)) ? below : null,
        found,
        removed,
        emptied,
        covered.build(),
        problems);
  }

  private void visit(LayerEntry entry, InputStream content, Spool spool) throws IOException {
    String path = entry.path();
    if (whiteout(path)) {
      return;
    }
    if (entry.type() != LayerEntry.Type.DIRECTORY) {
      covered.add(path);
    }
    List<Cataloger> readers = catalogers.stream().filter(one -> one.reads(path)).toList();
    boolean release = OsRelease.reads(path);
    if (readers.isEmpty() && !release) {
      return;
    }
    files.remove(path);
    links.remove(path);
    deferred.remove(path);
    if (!readers.isEmpty()) {
      keep(path);
      files.put(path, new LinkedHashSet<>());
    }
    if (entry.type() == LayerEntry.Type.HARD_LINK) {
      keep(entry.target());
      links.put(path, entry.target());
    } else if (entry.type() == LayerEntry.Type.FILE) {
      file(entry, content, spool, readers, release);
    }
  }

  private void file(
      LayerEntry entry, InputStream content, Spool spool, List<Cataloger> readers, boolean release)
      throws IOException {
    String path = entry.path();
    if (entry.size() > LARGEST_FILE) {
      problem(path, "larger than " + LARGEST_FILE + " bytes");
      return;
    }
    boolean late = readers.stream().anyMatch(Cataloger::needsDistribution);
    Spool.Kept kept;
    try {
      kept = late ? spool.keep(content, entry.size()) : spool.briefly(content, entry.size());
    } catch (AccessDeniedException denied) {
      problem(path, "may not be read");
      return;
    } catch (NoSuchFileException gone) {
      problem(path, "vanished before it was read");
      return;
    }
    SpooledFile file = new SpooledFile(path, entry.size(), entry.executable(), kept);
    if (release) {
      release(file);
    }
    for (Cataloger reader : readers) {
      if (reader.needsDistribution()) {
        defer(reader, file, List.of());
      } else {
        catalog(reader, file, List.of());
      }
    }
  }

  private void release(SpooledFile file) {
    int rank = OsRelease.rank(file.path());
    if (rank > ownRank) {
      return;
    }
    try (InputStream in = file.open()) {
      Distribution read = OsRelease.read(file.path(), in);
      if (!read.equals(Distribution.UNKNOWN)) {
        own = read;
        ownRank = rank;
      }
    } catch (IOException damaged) {
      problem(file.path(), why(damaged));
    }
  }

  /** What the layer itself says; an old release file says nothing where os-release was read. */
  private @Nullable Distribution own() {
    boolean outdone = OsRelease.old(ownRank) && !below.equals(Distribution.UNKNOWN);
    return outdone ? null : own;
  }

  private void readDeferred() throws IOException {
    for (List<Deferred> file : deferred.values()) {
      for (Deferred one : file) {
        catalog(one.cataloger, one.file, one.others);
      }
    }
    deferred.clear();
  }

  private void defer(Cataloger cataloger, SpooledFile file, List<String> others) {
    deferred
        .computeIfAbsent(file.path(), path -> new ArrayList<>())
        .add(new Deferred(cataloger, file, others));
  }

  /** A hostile layer is all names, long ones, and compresses to nearly nothing. */
  private void keep(String... texts) throws RefusedImage {
    for (String text : texts) {
      characters += text.length();
    }
    if (characters > MOST_KEPT) {
      throw new RefusedImage("names of more than " + MOST_KEPT + " characters in one layer");
    }
  }

  private void catalog(Cataloger cataloger, SpooledFile file, List<String> others)
      throws RefusedImage {
    try {
      add(file.path(), cataloger.catalog(file), others);
    } catch (RefusedImage refused) {
      throw refused;
    } catch (PartlyRead damaged) {
      add(file.path(), damaged.components(), others);
      problem(file.path(), why(damaged));
    } catch (IOException | RuntimeException damaged) {
      problem(file.path(), why(damaged));
    }
  }

  private void add(String path, List<Component> shown, List<String> others) throws RefusedImage {
    for (Component component : shown) {
      add(path, component);
      for (String other : others) {
        add(other, moved(component, path, other));
      }
    }
  }

  private boolean whiteout(String path) throws RefusedImage {
    int slash = path.lastIndexOf('/');
    if (!path.startsWith(".wh.", slash + 1)) {
      return false;
    }
    String directory = slash == 0 ? "/" : path.substring(0, slash);
    String name = path.substring(slash + 5);
    keep(path);
    if (name.equals(".wh..opq")) {
      emptied.add(directory);
    } else if (!name.startsWith(".wh.") && !name.isEmpty()) {
      removed.add(directory.equals("/") ? "/" + name : directory + "/" + name);
    }
    return true;
  }

  /** Gives hard links what their targets show; true if a target was not read for its own sake. */
  private boolean unresolved() throws RefusedImage {
    List<String> done = new ArrayList<>();
    for (Map.Entry<String, String> link : links.entrySet()) {
      String path = link.getKey();
      String target = link.getValue();
      Set<Component> shown = files.get(target);
      if (shown != null && !links.containsKey(target) && sameReaders(path, target)) {
        for (Component component : shown) {
          add(path, moved(component, target, path));
        }
        done.add(path);
      }
    }
    done.forEach(links::remove);
    return !links.isEmpty();
  }

  private boolean sameReaders(String path, String target) {
    return !OsRelease.reads(path)
        && catalogers.stream().allMatch(one -> !one.reads(path) || one.reads(target));
  }

  /** A second pass for targets whose own names interest no cataloger. */
  private void readLinked(ImageLayer layer) throws IOException {
    Map<String, List<String>> byTarget = new HashMap<>();
    links.forEach(
        (path, target) -> byTarget.computeIfAbsent(target, none -> new ArrayList<>()).add(path));
    try (Spool spool = new Spool(LARGEST_SPOOL)) {
      layer.read(
          (entry, content) -> {
            List<String> paths = byTarget.get(entry.path());
            if (entry.type() == LayerEntry.Type.FILE && paths != null) {
              linked(entry, content, spool, paths);
            }
          });
      readDeferred();
    }
  }

  private void linked(LayerEntry entry, InputStream content, Spool spool, List<String> paths)
      throws IOException {
    if (entry.size() > LARGEST_FILE) {
      problem(entry.path(), "larger than " + LARGEST_FILE + " bytes");
      return;
    }
    Spool.Kept whole = spool.keep(content, entry.size());
    for (String path : paths) {
      if (OsRelease.reads(path)) {
        release(new SpooledFile(path, entry.size(), entry.executable(), whole));
      }
    }
    for (Cataloger cataloger : catalogers) {
      List<String> read = paths.stream().filter(cataloger::reads).toList();
      int named = Math.min(MOST_NAMES, read.size());
      for (int i = 0; i < named; i++) {
        SpooledFile file = new SpooledFile(read.get(i), entry.size(), entry.executable(), whole);
        defer(cataloger, file, i == 0 ? read.subList(named, read.size()) : List.of());
      }
    }
  }

  private void add(String path, Component component) throws RefusedImage {
    if (++components > MOST_COMPONENTS) {
      throw new RefusedImage("more than " + MOST_COMPONENTS + " components in one layer");
    }
    keep(component.name(), component.version(), component.purl(), component.path());
    files.computeIfAbsent(path, same -> new LinkedHashSet<>()).add(component);
  }

  private static Component moved(Component component, String from, String to) {
    String path = component.path();
    return new Component(
        component.name(),
        component.version(),
        component.ecosystem(),
        component.purl(),
        path.startsWith(from) ? to + path.substring(from.length()) : path,
        component.source(),
        component.kind());
  }

  private void problem(String path, String why) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(path + ": " + why);
    }
  }

  private static String why(Exception failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }

  private final class Visitor implements LayerVisitor {
    private final Spool spool;

    Visitor(Spool spool) {
      this.spool = spool;
    }

    @Override
    public void visit(LayerEntry entry, InputStream content) throws IOException {
      LayerReading.this.visit(entry, content, spool);
    }

    @Override
    public void closed(String path) {
      problem(path, "may not be looked into");
    }
  }

  private final class SpooledFile implements ImageFile {
    private final String path;
    private final long size;
    private final boolean executable;
    private final Spool.Kept kept;

    SpooledFile(String path, long size, boolean executable, Spool.Kept kept) {
      this.path = path;
      this.size = size;
      this.executable = executable;
      this.kept = kept;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public boolean executable() {
      return executable;
    }

    @Override
    public InputStream open() throws IOException {
      return kept.open();
    }

    @Override
    public Distribution distribution() {
      asked = true;
      Distribution here = own();
      return here == null ? below : here;
    }
  }
}
