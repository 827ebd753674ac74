package io.bulwark.client;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects by key, with indexes. Thread-safe; one writer at a time tells of its changes. */
final class Cache {
  static final String NAMESPACE = "namespace";

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Tree> objects = new HashMap<>();
  private final Map<String, Index> indexes = new HashMap<>();

  Cache() {
    indexes.put(NAMESPACE, new Index(object -> List.of(Meta.namespace(object))));
  }

  static String key(@Nullable String namespace, String name) {
    return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
  }

  @Nullable Tree get(String key) {
    lock.readLock().lock();
    try {
      return objects.get(key);
    } finally {
      lock.readLock().unlock();
    }
  }

  List<Tree> list() {
    lock.readLock().lock();
    try {
      return List.copyOf(objects.values());
    } finally {
      lock.readLock().unlock();
    }
  }

  int size() {
    lock.readLock().lock();
    try {
      return objects.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  void addIndex(String name, Function<Tree, List<String>> values) {
    lock.writeLock().lock();
    try {
      if (indexes.containsKey(name)) {
        return;
      }
      Index index = new Index(values);
      objects.forEach(index::add);
      indexes.put(name, index);
    } finally {
      lock.writeLock().unlock();
    }
  }

  List<Tree> byIndex(String name, String value) {
    lock.readLock().lock();
    try {
      Index index = indexes.get(name);
      if (index == null) {
        throw new IllegalArgumentException("no index " + name);
      }
      Set<String> keys = index.keys.getOrDefault(value, Set.of());
      List<Tree> found = new ArrayList<>(keys.size());
      for (String key : keys) {
        Tree object = objects.get(key);
        if (object != null) {
          found.add(object);
        }
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Returns what was there before. */
  @Nullable Tree put(String key, Tree object) {
    lock.writeLock().lock();
    try {
      Tree before = objects.put(key, object);
      for (Index index : indexes.values()) {
        index.move(key, before, object);
      }
      return before;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Nullable Tree remove(String key) {
    lock.writeLock().lock();
    try {
      Tree before = objects.remove(key);
      for (Index index : indexes.values()) {
        index.move(key, before, null);
      }
      return before;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Makes the cache hold exactly these objects; unchanged ones are not told of. */
  void replace(List<Tree> now, ChangeHandler told) {
    Set<String> gone;
    lock.readLock().lock();
    try {
      gone = new HashSet<>(objects.keySet());
    } finally {
      lock.readLock().unlock();
    }
    for (Tree object : now) {
      String key = Meta.key(object);
      gone.remove(key);
      Tree cached = get(key);
      if (cached != null && Meta.resourceVersion(cached).equals(Meta.resourceVersion(object))) {
        continue;
      }
      put(key, object);
      if (cached != null && !Meta.uid(cached).equals(Meta.uid(object))) {
        told.changed(cached, null);
        cached = null;
      }
      told.changed(cached, object);
    }
    for (String key : gone) {
      told.changed(remove(key), null);
    }
  }

  private static final class Index {
    private final Function<Tree, List<String>> values;
    private final Map<String, Set<String>> keys = new HashMap<>();

    Index(Function<Tree, List<String>> values) {
      this.values = values;
    }

    void move(String key, @Nullable Tree before, @Nullable Tree after) {
      List<String> old = before == null ? List.of() : values.apply(before);
      List<String> fresh = after == null ? List.of() : values.apply(after);
      if (old.equals(fresh)) {
        return;
      }
      for (String value : old) {
        Set<String> set = keys.get(value);
        if (set != null && set.remove(key) && set.isEmpty()) {
          keys.remove(value);
        }
      }
      for (String value : fresh) {
        add(key, value);
      }
    }

    void add(String key, Tree object) {
      for (String value : values.apply(object)) {
        add(key, value);
      }
    }

    private void add(String key, String value) {
      keys.computeIfAbsent(value, none -> new LinkedHashSet<>(2)).add(key);
    }
  }
}
