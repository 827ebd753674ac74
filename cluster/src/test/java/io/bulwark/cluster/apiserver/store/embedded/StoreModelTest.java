package io.bulwark.cluster.apiserver.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.Store.Compacted;
import io.bulwark.cluster.apiserver.store.Store.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on a store and on a map that keeps a copy for every revision. */
class StoreModelTest {
  private static final List<String> PREFIXES = List.of("/a/", "/b/", "/a/1", "/", "");

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();

  /** A key's value with the revisions that made the key and the value. */
  private record Row(String value, long created, long revision) {}

  /** Index is the revision; the copies never change. */
  private final List<TreeMap<String, Row>> model =
      new ArrayList<>(List.of(new TreeMap<>(), new TreeMap<>()));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void inMemoryStoreBehavesAsTheModel(long seed) throws Exception {
    try (InMemory store = new InMemory(clock)) {
      Random random = new Random(seed);
      for (int i = 0; i < 1500; i++) {
        step(store, random);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12})
  void embeddedStoreBehavesAsTheModelAcrossRestarts(long seed) throws Exception {
    Random random = new Random(seed);
    long compacted = 1;
    for (int run = 0; run < 4; run++) {
      try (EmbeddedStore store =
          EmbeddedStore.open(directory, EmbeddedStore.Options.plain(clock))) {
        assertEquals(model.size() - 1, store.revision());
        assertEquals(run == 0 ? 1 : model.size() - 1, store.compactedRevision());
        check(store, "", 0, 0, "");
        for (int i = 0; i < 150; i++) {
          step(store, random);
        }
        compacted = Math.max(compacted, store.compactedRevision());
      }
    }
  }

  private void step(Store store, Random random) throws Exception {
    String key = (random.nextBoolean() ? "/a/" : "/b/") + random.nextInt(40);
    Row now = model.getLast().get(key);
    long expected = now != null && random.nextInt(4) > 0 ? now.revision : random.nextInt(1, 50);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        String value = "v" + model.size();
        outcome(key, value, now == null, store.create(key, value.getBytes(UTF_8), null));
      }
      case 3, 4, 5 -> {
        String value = "v" + model.size();
        boolean wins = now != null && now.revision == expected;
        outcome(key, value, wins, store.update(key, expected, value.getBytes(UTF_8), null));
      }
      case 6 -> {
        boolean wins = now != null && now.revision == expected;
        outcome(key, null, wins, store.delete(key, expected));
      }
      case 7, 8 -> {
        long revision = random.nextInt(3) == 0 ? 0 : random.nextInt(1, model.size());
        String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
        String after = random.nextBoolean() ? "" : "/a/" + random.nextInt(40);
        check(store, prefix, revision, random.nextInt(6), after);
      }
      default -> {
        if (random.nextInt(20) == 0) {
          long to = random.nextInt(1, model.size());
          long before = store.compactedRevision();
          store.compact(to);
          assertEquals(Math.max(before, to), store.compactedRevision());
        }
        replay(store, random);
      }
    }
  }

  private void outcome(
      String key, @org.jspecify.annotations.Nullable String value, boolean wins, Written written) {
    Row now = model.getLast().get(key);
    switch (written) {
      case Written.Done(var entry) -> {
        assertEquals(true, wins);
        TreeMap<String, Row> next = new TreeMap<>(model.getLast());
        long revision = model.size();
        if (value == null) {
          next.remove(key);
        } else {
          next.put(key, new Row(value, now == null ? revision : now.created, revision));
        }
        model.add(next);
        assertEquals(revision, entry.revision());
      }
      case Written.Lost(var current) -> {
        assertEquals(false, wins);
        assertEquals(now, current == null ? null : row(current));
      }
    }
  }

  private static Row row(Entry entry) {
    return new Row(new String(entry.value(), UTF_8), entry.created(), entry.revision());
  }

  private void check(Store store, String prefix, long revision, int limit, String after)
      throws Exception {
    if (revision != 0 && revision < store.compactedRevision()) {
      assertThrows(Compacted.class, () -> store.range(prefix, after, revision, limit));
      return;
    }
    List<String> expected = new ArrayList<>();
    model
        .get((int) (revision == 0 ? model.size() - 1 : revision))
        .forEach(
            (key, row) -> {
              if (key.startsWith(prefix) && key.compareTo(after) > 0) {
                expected.add(key + row);
              }
            });
    Store.Range range = store.range(prefix, after, revision, limit);
    int shown = limit == 0 ? expected.size() : Math.min(limit, expected.size());
    assertEquals(
        expected.subList(0, shown),
        range.entries().stream().map(entry -> entry.key() + row(entry)).toList());
    assertEquals(expected.size() - shown, range.remaining());
    assertEquals(range.remaining() > 0, range.more());
  }

  /** A watch from any revision leads from the state then to the state now. */
  private void replay(Store store, Random random) throws Exception {
    long from = random.nextInt(1, model.size());
    if (from < store.compactedRevision()) {
      assertThrows(Compacted.class, () -> store.watch("/a/", from, new StoreContract.Recorder()));
      return;
    }
    StoreContract.Recorder recorder = new StoreContract.Recorder();
    TreeMap<String, Row> state = new TreeMap<>(model.get((int) from));
    try (Store.Subscription watch = store.watch("/a/", from, recorder)) {
      long expected =
          java.util.stream.LongStream.rangeClosed(from + 1, model.size() - 1L)
              .filter(this::changesA)
              .count();
      recorder.await((int) expected);
    }
    for (Store.Change change : recorder.changes()) {
      Entry entry = change.entry();
      Row before = state.get(entry.key());
      assertEquals(before, change.previous() == null ? null : row(change.previous()));
      if (change.type() == Store.Change.Type.PUT) {
        state.put(entry.key(), row(entry));
      } else {
        state.remove(entry.key());
      }
    }
    assertEquals(model.getLast().subMap("/a/", "/a0"), state.subMap("/a/", "/a0"));
  }

  private boolean changesA(long revision) {
    var before = model.get((int) revision - 1).subMap("/a/", "/a0");
    return !before.equals(model.get((int) revision).subMap("/a/", "/a0"));
  }
}
