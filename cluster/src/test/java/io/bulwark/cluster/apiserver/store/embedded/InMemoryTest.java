package io.bulwark.cluster.apiserver.store.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InMemoryTest extends StoreContract {
  @Override
  Store open() {
    return new InMemory(clock);
  }

  @Override
  void upkeep() {
    ((InMemory) store).upkeep().once();
  }

  @Test
  void historyIsCutWhereItTakesTooMuchMemory() {
    try (InMemory small = new InMemory(clock, Duration.ofMinutes(5), 100_000)) {
      Entry entry = done(small.create("/a", new byte[1000], null));
      for (int i = 0; i < 1000; i++) {
        entry = done(small.update("/a", entry.revision(), new byte[1000], null));
      }
      assertTrue(small.revision() - small.compactedRevision() <= 100);
      assertTrue(small.revision() - small.compactedRevision() >= 40);
    }
  }
}
