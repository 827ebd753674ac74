package io.bulwark.cluster.apiserver.store.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.Store.Compacted;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
  @TempDir Path directory;

  @Override
  Store open() throws IOException {
    return EmbeddedStore.open(
        directory.resolve("store"),
        EmbeddedStore.Options.encrypting(clock, directory.resolve("pki/store.key")));
  }

  @Override
  void upkeep() {
    ((EmbeddedStore) store).upkeep().once();
  }

  private void reopen() throws IOException {
    store.close();
    store = open();
  }

  @Test
  void restartKeepsEntriesRevisionsAndLifetimes() throws Exception {
    Entry a = create("/p/a", "1");
    Entry b = create("/p/b", "1");
    done(store.create("/p/short", "x".getBytes(UTF_8), Duration.ofMinutes(1)));
    update(a, "2");
    long revision = done(store.delete("/p/b", b.revision())).revision();
    reopen();
    assertEquals(revision, store.revision());
    assertEquals(List.of("/p/a", "/p/short"), keys(store.range("/p/", "", 0, 0)));
    Entry again = store.get("/p/a");
    assertNotNull(again);
    assertEquals("2", text(again));
    assertEquals(a.created(), again.created());
    assertEquals(revision - 1, again.revision());
    assertThrows(Compacted.class, () -> store.watch("/p/", revision - 1, new Recorder()));
    clock.advance(Duration.ofMinutes(2));
    upkeep();
    assertEquals(List.of("/p/a"), keys(store.range("/p/", "", 0, 0)));
    assertEquals(revision + 2, create("/p/new", "x").revision());
  }

  @Test
  void secondStoreOnADirectoryIsRefusedByName() {
    IOException refused = assertThrows(IOException.class, this::open);
    assertTrue(
        message(refused).contains("in use by process " + ProcessHandle.current().pid()),
        message(refused));
  }

  @Test
  void secretsAreEncryptedOnDiskAndNothingElseIs() throws Exception {
    create("/secrets/ns/a", "hidden-password");
    create("/configmaps/ns/a", "plain-setting");
    reopen();
    Entry secret = store.get("/secrets/ns/a");
    assertNotNull(secret);
    assertEquals("hidden-password", text(secret));
    store.close();
    String disk = onDisk();
    assertFalse(disk.contains("hidden-password"));
    assertTrue(disk.contains("plain-setting"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve("pki/store.key"))));
  }

  private static String message(Throwable refused) {
    return Objects.requireNonNull(refused.getMessage());
  }

  private String onDisk() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(directory.resolve("store"))) {
      for (Path file : files.toList()) {
        all.append(Files.readString(file, ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void newKeySealsWhatTheOldOneSealed() throws Exception {
    create("/secrets/ns/a", "hidden-password");
    store.close();
    Path keyFile = directory.resolve("pki/store.key");
    String old = Files.readString(keyFile);
    Path other = directory.resolve("other.key");
    ValueCipher.open(other);
    String fresh = Files.readString(other);
    Files.writeString(keyFile, fresh + old);
    store = open();
    store.close();
    Files.writeString(keyFile, fresh);
    store = open();
    Entry secret = store.get("/secrets/ns/a");
    assertNotNull(secret);
    assertEquals("hidden-password", text(secret));
    store.close();
    Files.writeString(keyFile, old);
    IOException refused = assertThrows(IOException.class, this::open);
    assertTrue(message(refused).contains("which the key file lacks"), message(refused));
    Files.writeString(keyFile, fresh);
    store = open();
  }

  @Test
  void sealedValueCannotBeMovedOrChanged() throws Exception {
    ValueCipher cipher = ValueCipher.open(directory.resolve("k"));
    byte[] sealed = cipher.seal("/secrets/a", 7, "v".getBytes(UTF_8));
    assertEquals("v", new String(cipher.open("/secrets/a", 7, sealed), UTF_8));
    assertThrows(IllegalStateException.class, () -> cipher.open("/secrets/b", 7, sealed));
    assertThrows(IllegalStateException.class, () -> cipher.open("/secrets/a", 8, sealed));
    sealed[sealed.length - 1] ^= 1;
    assertThrows(IllegalStateException.class, () -> cipher.open("/secrets/a", 7, sealed));
  }

  @Test
  void fullDiskRefusesWritesServesReadsAndRecovers() throws Exception {
    Path small = directory.resolve("small");
    EmbeddedStore.Options options =
        new EmbeddedStore.Options(
            clock, Duration.ofMinutes(5), 1 << 20, 256 * 1024, null, List.of());
    List<Entry> written = new ArrayList<>();
    long revision;
    try (EmbeddedStore full = EmbeddedStore.open(small, options)) {
      StoreUnavailable refused =
          assertThrows(
              StoreUnavailable.class,
              () -> {
                for (int i = 0; ; i++) {
                  written.add(done(full.create("/p/" + i, new byte[5000], null)));
                }
              });
      assertTrue(message(refused).contains("full"), message(refused));
      revision = full.revision();
      assertEquals(written.getLast().revision(), revision);
      assertEquals(written.size(), full.range("/p/", "", 0, 0).entries().size());
      assertThrows(StoreUnavailable.class, () -> full.create("/p/again", new byte[50_000], null));
      for (Entry entry : written.subList(0, 10)) {
        done(full.delete(entry.key(), entry.revision()));
      }
      Entry after = done(full.create("/p/after", new byte[5000], null));
      assertEquals(revision + 11, after.revision());
    }
    try (EmbeddedStore again = EmbeddedStore.open(small, options)) {
      assertEquals(revision + 11, again.revision());
      assertEquals(written.size() - 9, again.range("/p/", "", 0, 0).entries().size());
    }
  }

  @Test
  void damagedFileIsRefusedClearly() throws Exception {
    store.close();
    Path broken = directory.resolve("broken");
    Files.createDirectories(broken);
    Files.write(broken.resolve("bulwark.db"), "this is no database".repeat(500).getBytes(UTF_8));
    IOException refused =
        assertThrows(
            IOException.class,
            () -> EmbeddedStore.open(broken, EmbeddedStore.Options.plain(clock)));
    assertTrue(message(refused).startsWith("cannot open " + broken), message(refused));
    store = open();
  }
}
