package io.bulwark.cluster.node.image;

import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ContainerState;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Removes images that no container uses when the disk fills up: above 85 percent, those unused for
 * the longest time, until 80 percent. Images younger than two minutes stay, and those that were
 * imported from archives, since no registry could bring them back. Not thread-safe.
 *
 * <p>Source: kubernetes.io/docs/concepts/architecture/garbage-collection, images.
 */
public final class ImageCollection {
  private static final int HIGH = 85;
  private static final int LOW = 80;
  private static final Duration YOUNGEST = Duration.ofMinutes(2);
  private static final System.Logger LOG = System.getLogger(ImageCollection.class.getName());

  private final ContainerRuntime runtime;
  private final Supplier<Disk> disk;
  private final Map<String, Instant> found = new HashMap<>();
  private final Map<String, Instant> used = new HashMap<>();

  /**
   * The disk that images are on, in bytes.
   *
   * @param available to other programs than the superuser's
   */
  public record Disk(long capacity, long available) {}

  public ImageCollection(ContainerRuntime runtime, Supplier<Disk> disk) {
    this.runtime = runtime;
    this.disk = disk;
  }

  /** How many bytes have to be freed; zero below the upper threshold. */
  public static long excess(Disk disk) {
    if (disk.capacity() <= 0
        || (disk.capacity() - disk.available()) * 100 / disk.capacity() < HIGH) {
      return 0;
    }
    return Math.max(0, disk.capacity() * (100 - LOW) / 100 - disk.available());
  }

  /**
   * Notes which images are in use, and removes others where the disk is full.
   *
   * @throws RuntimeFailure if the runtime cannot be asked
   */
  public void collect(Instant now) {
    List<ImageState> images = runtime.images().list();
    Set<String> inUse = inUse();
    Set<String> present = new HashSet<>();
    for (ImageState image : images) {
      present.add(image.id());
      found.putIfAbsent(image.id(), now);
      if (inUse.contains(image.id())
          || image.tags().stream().anyMatch(inUse::contains)
          || image.digests().stream().anyMatch(inUse::contains)) {
        used.put(image.id(), now);
      }
    }
    found.keySet().retainAll(present);
    used.keySet().retainAll(present);
    long excess = excess(disk.get());
    if (excess > 0) {
      free(excess, images, now);
    }
  }

  private Set<String> inUse() {
    Set<String> names = new HashSet<>();
    for (ContainerState container : runtime.containers()) {
      names.add(container.imageId());
      names.add(container.imageReference());
      names.add(container.imageName());
    }
    return names;
  }

  /** Whether a registry could bring back every name of an image: archives leave no digests. */
  private static boolean replaceable(ImageState image) {
    Set<String> pulled = new HashSet<>();
    image.digests().forEach(digest -> pulled.add(digest.split("@", 2)[0]));
    return !pulled.isEmpty()
        && image.tags().stream()
            .allMatch(tag -> pulled.contains(tag.substring(0, tag.lastIndexOf(':'))));
  }

  private void free(long excess, List<ImageState> images, Instant now) {
    List<ImageState> candidates = new ArrayList<>();
    for (ImageState image : images) {
      boolean young = found.getOrDefault(image.id(), now).plus(YOUNGEST).isAfter(now);
      boolean needed = now.equals(used.get(image.id()));
      if (!young && !needed && replaceable(image)) {
        candidates.add(image);
      }
    }
    candidates.sort(
        Comparator.comparing((ImageState image) -> used.getOrDefault(image.id(), Instant.EPOCH))
            .thenComparing(image -> found.getOrDefault(image.id(), now)));
    long freed = 0;
    for (ImageState image : candidates) {
      if (freed >= excess) {
        return;
      }
      try {
        runtime.images().remove(image.id());
        freed += image.size();
      } catch (RuntimeFailure kept) {
        LOG.log(System.Logger.Level.WARNING, "image {0} stays: {1}", image.id(), kept.getMessage());
      }
    }
    if (freed < excess) {
      LOG.log(
          System.Logger.Level.WARNING,
          "images: wanted to free {0} bytes, found only {1}",
          excess,
          freed);
    }
  }
}
