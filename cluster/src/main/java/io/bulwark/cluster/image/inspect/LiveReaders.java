package io.bulwark.cluster.image.inspect;

import io.bulwark.cluster.image.inventory.assembly.InventoryReader;
import io.bulwark.cluster.image.inventory.assembly.LayerCache;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Readers of images that ask the vulnerability data what Java archives are. What layers hold is
 * kept for the digests that it was read with: after an import of others, layers are read again.
 * Thread-safe.
 */
public final class LiveReaders implements Supplier<InventoryReader> {
  private final Function<String, @Nullable LayerCache> caches;
  private final LiveDatabase data;
  private @Nullable InventoryReader reader;
  private String version = "";

  /**
   * @param caches for a variant, a word; null where nothing is kept
   */
  public LiveReaders(Function<String, @Nullable LayerCache> caches, LiveDatabase data) {
    this.caches = caches;
    this.data = data;
  }

  @Override
  public synchronized InventoryReader get() {
    String now = data.archivesVersion();
    InventoryReader known = reader;
    if (known == null || !now.equals(version)) {
      known =
          now.isEmpty()
              ? InventoryReader.withAll(caches.apply(""))
              : InventoryReader.withAll(caches.apply(now), data.archives());
      reader = known;
      version = now;
    }
    return known;
  }
}
