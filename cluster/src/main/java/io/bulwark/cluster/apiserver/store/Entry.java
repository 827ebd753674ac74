package io.bulwark.cluster.apiserver.store;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value of one key. Immutable but for a cache slot: whoever reads entries may keep one parsed
 * view with an entry, so that it is made once for all readers.
 */
public final class Entry {
  private final String key;
  private final byte[] value;
  private final long created;
  private final long revision;
  private volatile @Nullable Object view;

  /**
   * @param value owned by the entry from now on; never changed
   * @param created revision of the write that created the key
   * @param revision revision of the write that made this value (or deleted the key)
   */
  public Entry(String key, byte[] value, long created, long revision) {
    this.key = key;
    this.value = value;
    this.created = created;
    this.revision = revision;
  }

  public String key() {
    return key;
  }

  /** Not a copy: callers must not change it. */
  public byte[] value() {
    return value;
  }

  public long created() {
    return created;
  }

  public long revision() {
    return revision;
  }

  /** The parsed view, made on first need. All callers must use the same type. */
  @SuppressWarnings("unchecked")
  public <V> V view(Function<Entry, V> parse) {
    Object made = view;
    if (made == null) {
      made = parse.apply(this);
      view = made;
    }
    return (V) made;
  }
}
