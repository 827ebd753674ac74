package io.bulwark.cluster.apiserver.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.Store.Change;
import io.bulwark.cluster.apiserver.store.Store.Compacted;
import io.bulwark.cluster.apiserver.store.Store.Written;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do. */
abstract class StoreContract {
  protected final SettableClock clock = new SettableClock();
  protected Store store;

  abstract Store open() throws Exception;

  /** Runs what the store does once a second. */
  abstract void upkeep();

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected Entry create(String key, String value) {
    return done(store.create(key, value.getBytes(UTF_8), null));
  }

  protected Entry update(Entry entry, String value) {
    return done(store.update(entry.key(), entry.revision(), value.getBytes(UTF_8), null));
  }

  protected static Entry done(Written written) {
    return assertInstanceOf(Written.Done.class, written).entry();
  }

  protected static String text(Entry entry) {
    return new String(entry.value(), UTF_8);
  }

  protected static List<String> keys(Store.Range range) {
    return range.entries().stream().map(Entry::key).toList();
  }

  @Test
  void revisionsStartAtOneAndGrowByOneWithEachWrite() {
    assertEquals(1, store.revision());
    Entry a = create("/pods/ns/a", "1");
    assertEquals(2, a.revision());
    assertEquals(2, a.created());
    Entry changed = update(a, "2");
    assertEquals(3, changed.revision());
    assertEquals(2, changed.created());
    Entry gone = done(store.delete("/pods/ns/a", 3));
    assertEquals(4, gone.revision());
    assertEquals("2", text(gone));
    assertEquals(4, store.revision());
    assertNull(store.get("/pods/ns/a"));
  }

  @Test
  void writesWhoseConditionFailsChangeNothingAndShowWhatIsThere() {
    Entry a = create("/a", "1");
    Written again = store.create("/a", new byte[0], null);
    assertEquals(a.revision(), currentOf(again).revision());
    assertEquals(a.revision(), currentOf(store.update("/a", 99, new byte[0], null)).revision());
    assertEquals(a.revision(), currentOf(store.delete("/a", 99)).revision());
    assertNull(assertInstanceOf(Written.Lost.class, store.delete("/b", 1)).current());
    assertNull(
        assertInstanceOf(Written.Lost.class, store.update("/b", 1, new byte[0], null)).current());
    assertEquals(a.revision(), store.revision());
    assertEquals("1", text(present(store.get("/a"))));
  }

  private static Entry currentOf(Written written) {
    return present(assertInstanceOf(Written.Lost.class, written).current());
  }

  protected static Entry present(@Nullable Entry entry) {
    assertNotNull(entry);
    return entry;
  }

  @Test
  void rangesAreInOrderOfUtf8BytesAndOnlyOfThePrefix() throws Exception {
    List<String> inOrder =
        List.of("/p/a", "/p/a-b", "/p/a/c", "/p/b", "/p/\uE000", "/p/\uD83D\uDE00");
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      create(inOrder.get(i), "x");
    }
    create("/o/z", "x");
    create("/q/a", "x");
    Store.Range all = store.range("/p/", "", 0, 0);
    assertEquals(inOrder, keys(all));
    assertFalse(all.more());
    assertEquals(store.revision(), all.revision());
  }

  @Test
  void pagesFollowOneAnotherAndSayHowManyRemain() throws Exception {
    for (int i = 0; i < 10; i++) {
      create("/p/" + i, "x");
    }
    create("/q/0", "x");
    Store.Range first = store.range("/p/", "", 0, 4);
    assertEquals(List.of("/p/0", "/p/1", "/p/2", "/p/3"), keys(first));
    assertTrue(first.more());
    assertEquals(6, first.remaining());
    create("/p/4x", "later");
    Store.Range second = store.range("/p/", "/p/3", first.revision(), 4);
    assertEquals(List.of("/p/4", "/p/5", "/p/6", "/p/7"), keys(second));
    assertEquals(2, second.remaining());
    assertEquals(first.revision(), second.revision());
    Store.Range last = store.range("/p/", "/p/7", first.revision(), 2);
    assertEquals(List.of("/p/8", "/p/9"), keys(last));
    assertFalse(last.more());
    assertEquals(0, last.remaining());
  }

  @Test
  void everyPastRevisionCanBeReadUntilItIsCompacted() throws Exception {
    Entry entry = create("/p/a", "0");
    List<Entry> versions = new ArrayList<>(List.of(entry));
    for (int i = 1; i < 700; i++) {
      entry = update(entry, Integer.toString(i));
      versions.add(entry);
    }
    long removed = done(store.delete("/p/a", entry.revision())).revision();
    for (Entry version : versions) {
      Entry then = store.range("/p/", "", version.revision(), 0).entries().getFirst();
      assertEquals(text(version), text(then));
    }
    assertEquals(List.of(), store.range("/p/", "", removed, 0).entries());
    long kept = versions.get(300).revision();
    store.compact(kept);
    assertEquals(kept, store.compactedRevision());
    assertEquals("300", text(store.range("/p/", "", kept, 0).entries().getFirst()));
    assertEquals("699", text(store.range("/p/", "", removed - 1, 0).entries().getFirst()));
    Compacted tooOld = assertThrows(Compacted.class, () -> store.range("/p/", "", kept - 1, 0));
    assertEquals(kept, tooOld.compactedRevision());
    assertThrows(Compacted.class, () -> store.watch("/p/", kept - 1, new Recorder()));
  }

  @Test
  void watchReplaysHistoryThenFollows() throws Exception {
    Entry a = create("/p/a", "1");
    create("/q/a", "other");
    Entry changed = update(a, "2");
    Recorder recorder = new Recorder();
    try (Store.Subscription watch = store.watch("/p/", a.revision(), recorder)) {
      done(store.delete("/p/a", changed.revision()));
      Entry b = create("/p/b", "3");
      recorder.await(3);
      List<Change> changes = recorder.changes();
      assertEquals(
          List.of(Change.Type.PUT, Change.Type.DELETE, Change.Type.PUT),
          changes.stream().map(Change::type).toList());
      assertEquals("1", text(present(changes.get(0).previous())));
      assertEquals("2", text(changes.get(1).entry()));
      assertEquals(changed.revision() + 1, changes.get(1).revision());
      assertNull(changes.get(2).previous());
      assertEquals(b.revision(), changes.get(2).revision());
      recorder.awaitProgress(b.revision());
    }
  }

  @Test
  void watchFromNowSeesNothingOlder() throws Exception {
    create("/p/a", "1");
    Recorder recorder = new Recorder();
    try (Store.Subscription watch = store.watch("/p/", 0, recorder)) {
      Entry b = create("/p/b", "2");
      recorder.await(1);
      assertEquals(b.revision(), recorder.changes().getFirst().revision());
    }
  }

  @Test
  void quietWatchLearnsHowFarOthersHaveCome() throws Exception {
    Recorder recorder = new Recorder();
    try (Store.Subscription watch = store.watch("/quiet/", 0, recorder)) {
      Entry b = create("/p/b", "2");
      recorder.awaitProgress(b.revision());
      assertEquals(List.of(), recorder.changes());
    }
  }

  @Test
  void closedWatchHearsNothing() throws Exception {
    Recorder recorder = new Recorder();
    Recorder other = new Recorder();
    store.watch("/p/", 0, recorder).close();
    try (Store.Subscription watch = store.watch("/p/", 0, other)) {
      create("/p/a", "1");
      other.await(1);
    }
    assertEquals(List.of(), recorder.changes());
  }

  @Test
  void watchesOpenedDuringWritesMissNothingAndRepeatNothing() throws Exception {
    int total = 400;
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < total; i++) {
                create("/p/" + i, "x");
              }
            });
    List<Recorder> recorders = new ArrayList<>();
    List<Store.Subscription> watches = new ArrayList<>();
    while (writer.isAlive()) {
      Recorder recorder = new Recorder();
      watches.add(store.watch("/p/", 1, recorder));
      recorders.add(recorder);
      Thread.onSpinWait();
      if (recorders.size() > 200) {
        writer.join();
      }
    }
    for (Recorder recorder : recorders) {
      recorder.await(total);
      List<Long> revisions = recorder.changes().stream().map(Change::revision).toList();
      for (int i = 0; i < total; i++) {
        assertEquals(i + 2L, revisions.get(i));
      }
      assertEquals(total, revisions.size());
    }
    watches.forEach(Store.Subscription::close);
  }

  @Test
  void listenerThatFailsHurtsNobodyElse() throws Exception {
    Recorder good = new Recorder();
    AtomicInteger calls = new AtomicInteger();
    Store.Listener bad =
        new Recorder() {
          @Override
          public void changed(Change change) {
            calls.incrementAndGet();
            throw new IllegalStateException("on purpose");
          }
        };
    store.watch("/p/", 0, bad);
    try (Store.Subscription watch = store.watch("/p/", 0, good)) {
      create("/p/a", "1");
      create("/p/b", "1");
      good.await(2);
      assertEquals(1, calls.get());
    }
  }

  @Test
  void entriesWithALifetimeAreDeletedWhenItEnds() throws Exception {
    done(store.create("/p/short", "x".getBytes(UTF_8), Duration.ofMinutes(1)));
    Entry kept = done(store.create("/p/kept", "x".getBytes(UTF_8), Duration.ofMinutes(1)));
    create("/p/for-ever", "x");
    clock.advance(Duration.ofSeconds(30));
    done(store.update("/p/kept", kept.revision(), "y".getBytes(UTF_8), Duration.ofMinutes(5)));
    Entry same = store.get("/p/short");
    done(store.update("/p/short", present(same).revision(), "z".getBytes(UTF_8), null));
    clock.advance(Duration.ofSeconds(31));
    upkeep();
    assertEquals(List.of("/p/for-ever", "/p/kept"), keys(store.range("/p/", "", 0, 0)));
    clock.advance(Duration.ofMinutes(5));
    upkeep();
    assertEquals(List.of("/p/for-ever"), keys(store.range("/p/", "", 0, 0)));
  }

  @Test
  void historyOlderThanFiveMinutesIsForgotten() throws Exception {
    Entry a = create("/p/a", "1");
    upkeep();
    clock.advance(Duration.ofMinutes(3));
    Entry b = update(a, "2");
    upkeep();
    clock.advance(Duration.ofMinutes(3));
    update(b, "3");
    upkeep();
    assertEquals(a.revision(), store.compactedRevision());
    assertEquals("2", text(store.range("/p/", "", b.revision(), 0).entries().getFirst()));
    clock.advance(Duration.ofMinutes(3));
    upkeep();
    assertEquals(b.revision(), store.compactedRevision());
  }

  @Test
  void concurrentWritersOfOneKeyTakeTurns() throws Exception {
    Entry start = create("/counter", "0");
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      writers.add(
          Thread.startVirtualThread(
              () -> {
                int won = 0;
                while (won < 25) {
                  Entry now = present(store.get("/counter"));
                  byte[] next = Integer.toString(Integer.parseInt(text(now)) + 1).getBytes(UTF_8);
                  if (store.update("/counter", now.revision(), next, null)
                      instanceof Written.Done) {
                    won++;
                  }
                }
              }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    Entry end = present(store.get("/counter"));
    assertEquals("200", text(end));
    assertEquals(start.revision() + 200, end.revision());
  }

  @Test
  void closedStoreRefusesWrites() {
    store.close();
    assertThrows(StoreUnavailable.class, () -> create("/a", "1"));
  }

  /** Keeps what a watch delivers. */
  static class Recorder implements Store.Listener {
    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    private volatile long progress;

    @Override
    public void changed(Change change) {
      changes.add(change);
    }

    @Override
    public void progressed(long revision) {
      progress = revision;
    }

    List<Change> changes() {
      return List.copyOf(changes);
    }

    void await(int count) {
      Eventually.holds(() -> changes.size() >= count);
    }

    void awaitProgress(long revision) {
      Eventually.holds(() -> progress >= revision);
    }
  }
}
