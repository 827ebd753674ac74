package io.bulwark.cluster.apiserver.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signing key of service-account tokens gives way to a next one, and no token ends early. */
class TokenRotationTest {
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final ServerNames NAMES = new ServerNames("cluster.local", List.of(), List.of());
  private static final String FILE = "service-account-keys.json";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private final Store store = new InMemory(InstantSource.system());

  @TempDir Path directory;

  private Pki pki;
  private TokenKeys keys;

  @BeforeEach
  void open() throws Exception {
    store.create(
        "/serviceaccounts/shop/robot",
        "{\"metadata\":{\"name\":\"robot\",\"namespace\":\"shop\",\"uid\":\"sa1\"}}"
            .getBytes(StandardCharsets.UTF_8),
        null);
    restart();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void restart() throws Exception {
    pki = Pki.open(directory, NAMES, clock);
    keys = new TokenKeys(pki::tokenKeys);
  }

  private void after(Duration time) throws Exception {
    now.updateAndGet(before -> before.plus(time));
    pki.renewDue();
  }

  private String token(Duration lifetime) {
    Tree request = Tree.of("spec", Tree.of("expirationSeconds", lifetime.toSeconds()));
    return new TokenRequests(keys, ISSUER, new StoredObjects(store), clock)
        .issue("shop", "robot", request)
        .textOrEmpty("status", "token");
  }

  private @Nullable TokenOwner owner(String token) {
    return new TokenVerifier(keys, ISSUER, new StoredObjects(store), clock)
        .verify(token, List.of(ISSUER));
  }

  private static String key(String token) {
    byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
    return Json.read(header).textOrEmpty("kid");
  }

  private List<String> published() {
    return keys.keySet().trees("keys").stream().map(key -> key.textOrEmpty("kid")).toList();
  }

  @Test
  void anAgedKeyIsFollowedByAnAnnouncedOneAndVerifiesWhileItsTokensLive() throws Exception {
    String old = token(Duration.ofDays(400));
    after(Duration.ofDays(291));
    assertEquals(List.of(key(old)), published());

    after(Duration.ofDays(2));
    List<String> announced = published();
    assertEquals(2, announced.size());
    assertEquals(key(old), key(token(Duration.ofHours(1))), "the next key does not sign yet");

    after(Duration.ofDays(1));
    String fresh = token(Duration.ofHours(1));
    assertEquals(announced.get(1), key(fresh));
    assertEquals(List.of(key(fresh), key(old)), published());
    assertNotNull(owner(old));
    assertNotNull(owner(fresh));

    restart();
    assertEquals(List.of(key(fresh), key(old)), published());
    assertNotNull(owner(old));
    assertEquals(key(fresh), key(token(Duration.ofHours(1))));

    after(Duration.ofDays(107));
    assertNull(owner(old), "401 days have passed");
    after(Duration.ofDays(30));
    assertEquals(List.of(key(fresh)), published());
    String file = Files.readString(directory.resolve(FILE));
    assertFalse(file.contains(key(old)));
  }

  @Test
  void aTokenThatNeverExpiresKeepsItsKey() throws Exception {
    String legacy = keys.sign(Tree.of("iss", "kubernetes/serviceaccount"));
    after(Duration.ofDays(292));
    after(Duration.ofDays(1));
    assertNotEquals(key(legacy), key(token(Duration.ofHours(1))));
    after(Duration.ofDays(280));
    restart();
    assertNotNull(keys.claims(legacy));
    assertEquals(2, published().size());
  }

  @Test
  void theSecretHalfOfAFormerKeyIsGoneAndTheFileIsItsOwnersOnly() throws Exception {
    token(Duration.ofDays(400));
    after(Duration.ofDays(292));
    after(Duration.ofDays(1));
    Tree file = Json.read(Files.readAllBytes(directory.resolve(FILE)));
    Tree former = file.trees("former").getFirst();
    assertFalse(former.textOrEmpty("key").contains("PRIVATE"), former.toString());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(FILE))));
  }

  @Test
  void whenTheFileIsDeletedEveryTokenIsVoid() throws Exception {
    String stolen = token(Duration.ofDays(1));
    Files.delete(directory.resolve(FILE));
    restart();
    assertNull(owner(stolen));
    assertNotNull(owner(token(Duration.ofDays(1))));
  }

  @Test
  void aDamagedFileIsAnErrorAndIsNotReplaced() throws Exception {
    Files.writeString(directory.resolve(FILE), "{\"signing\":{}}");
    assertThrows(IllegalStateException.class, this::restart);
    assertEquals("{\"signing\":{}}", Files.readString(directory.resolve(FILE)));
  }

  @Test
  void theKeyOfAnEarlierVersionIsTakenOver() throws Exception {
    Files.delete(directory.resolve(FILE));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Files.writeString(directory.resolve("sa.key"), Pem.encode(pair.getPrivate()));
    Files.writeString(directory.resolve("sa.pub"), Pem.encode(pair.getPublic()));
    String earlier = new TokenKeys(pair).sign(Tree.of("iss", ISSUER));
    restart();
    assertNotNull(keys.claims(earlier));
    assertFalse(Files.exists(directory.resolve("sa.key")));
    restart();
    assertNotNull(keys.claims(earlier));
  }
}
