package io.bulwark.cluster.platform.tls;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The RSA keys of service-account tokens: one signs, former ones verify until the last token that
 * they signed has expired. After four fifths of a year a next key is announced, and a day later,
 * when everybody who keeps the published keys has had time to read it, that one signs. The secret
 * half of a former key is deleted.
 *
 * <p>All of it is one file, so that it is replaced at once. Thread-safe.
 */
public final class TokenKeyRing {
  /** How long a key signs before the next one is announced: four fifths of a year. */
  static final Duration SIGNS = Duration.ofDays(292);

  /** How long the next key is published before it signs. */
  static final Duration ANNOUNCED = Duration.ofDays(1);

  /**
   * By how much the noted end of a key's tokens runs ahead, so that it is seldom written; a former
   * key stays published so much longer than its last token lives.
   */
  private static final Duration AHEAD = Duration.ofDays(30);

  private static final System.Logger LOG = System.getLogger(TokenKeyRing.class.getName());
  private static final String FILE = "service-account-keys.json";
  private static final String NEVER = "never";
  private static final int BITS = 2048;

  /**
   * A key that verifies.
   *
   * @param id names it in the headers of tokens: the hash of its encoding, as upstream has it
   */
  public record OpenKey(String id, RSAPublicKey key) {
    static OpenKey of(RSAPublicKey key) {
      return new OpenKey(
          Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(key.getEncoded())), key);
    }
  }

  /** A key that signs. */
  public record SigningKey(OpenKey open, PrivateKey secret) {
    static SigningKey of(RSAPrivateCrtKey secret) {
      try {
        return new SigningKey(
            OpenKey.of(
                (RSAPublicKey)
                    KeyFactory.getInstance("RSA")
                        .generatePublic(
                            new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()))),
            secret);
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    static SigningKey generated() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        return of((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private record Made(SigningKey key, Instant when) {}

  /**
   * @param end when the last token that it signed expires
   */
  private record Former(OpenKey key, Instant end) {}

  /**
   * @param end until when tokens of the signing key may be valid; not before the last one of them
   */
  private record State(Made signing, Instant end, @Nullable Made next, List<Former> former) {}

  private final @Nullable Path file;
  private final InstantSource clock;
  private volatile State state;

  private TokenKeyRing(@Nullable Path file, InstantSource clock, State state) {
    this.file = file;
    this.clock = clock;
    this.state = state;
  }

  /** A ring with one key and no file, which is never rotated. */
  public static TokenKeyRing of(KeyPair pair) {
    InstantSource clock = InstantSource.system();
    SigningKey key = SigningKey.of((RSAPrivateCrtKey) pair.getPrivate());
    return new TokenKeyRing(
        null, clock, new State(new Made(key, clock.instant()), Instant.MAX, null, List.of()));
  }

  /**
   * Reads the keys of a directory, or makes the first one, which takes up to some seconds.
   *
   * @throws IOException if the file cannot be read or written
   * @throws GeneralSecurityException if what it holds is damaged
   */
  static TokenKeyRing open(Path directory, InstantSource clock)
      throws IOException, GeneralSecurityException {
    Path file = directory.resolve(FILE);
    String text = KeyFiles.read(file);
    if (text != null) {
      return new TokenKeyRing(file, clock, read(file, text));
    }
    String earlier = KeyFiles.read(directory.resolve("sa.key")); // where it was before it rotated
    SigningKey key =
        earlier == null ? SigningKey.generated() : SigningKey.of(secret(earlier, file));
    Instant now = clock.instant();
    Instant end = earlier == null ? now : Instant.MAX;
    TokenKeyRing ring =
        new TokenKeyRing(file, clock, new State(new Made(key, now), end, null, List.of()));
    ring.write(ring.state);
    Files.deleteIfExists(directory.resolve("sa.key"));
    Files.deleteIfExists(directory.resolve("sa.pub"));
    return ring;
  }

  /**
   * The key that signs a token.
   *
   * @param end when the token expires; null for never
   * @throws UncheckedIOException if it cannot be noted how long the key must verify
   */
  public SigningKey signing(@Nullable Instant end) {
    State now = state;
    Instant needed = end == null ? Instant.MAX : end;
    return needed.isAfter(now.end) ? signingBeyond(needed) : now.signing.key;
  }

  private synchronized SigningKey signingBeyond(Instant end) {
    State now = state;
    if (end.isAfter(now.end)) {
      Instant noted = end.equals(Instant.MAX) ? end : end.plus(AHEAD);
      replace(new State(now.signing, noted, now.next, now.former));
    }
    return now.signing.key;
  }

  /** All keys whose tokens may be valid, the signing one first; what is announced is among them. */
  public List<OpenKey> verifying() {
    State now = state;
    List<OpenKey> keys = new ArrayList<>();
    keys.add(now.signing.key.open);
    if (now.next != null) {
      keys.add(now.next.key.open);
    }
    now.former.forEach(former -> keys.add(former.key));
    return keys;
  }

  /**
   * Announces, takes into use and forgets keys as their times have come.
   *
   * @throws UncheckedIOException if it cannot be written; nothing has changed then
   */
  synchronized void rotateDue() {
    Instant now = clock.instant();
    State old = state;
    Made signing = old.signing;
    Instant end = old.end;
    Made next = old.next;
    List<Former> former = new ArrayList<>(old.former);
    former.removeIf(key -> key.end.isBefore(now));
    if (next != null && !next.when.plus(ANNOUNCED).isAfter(now)) {
      former.add(new Former(signing.key.open, end));
      signing = next;
      end = now;
      next = null;
      LOG.log(
          System.Logger.Level.INFO, "key {0} signs service-account tokens", signing.key.open.id);
    } else if (next == null && !signing.when.plus(SIGNS).isAfter(now)) {
      next = new Made(SigningKey.generated(), now);
    }
    if (signing != old.signing || next != old.next || former.size() != old.former.size()) {
      replace(new State(signing, end, next, List.copyOf(former)));
    }
  }

  private void replace(State fresh) {
    try {
      write(fresh);
    } catch (IOException failed) {
      throw new UncheckedIOException("the service-account keys cannot be written", failed);
    }
    state = fresh;
  }

  private void write(State fresh) throws IOException {
    if (file == null) {
      return;
    }
    Tree tree = Tree.of("signing", made(fresh.signing));
    tree.set(text(fresh.end), "signing", "end");
    if (fresh.next != null) {
      tree.put("next", made(fresh.next));
    }
    TreeList former = tree.childList("former");
    for (Former key : fresh.former) {
      former.add(Tree.of("end", text(key.end), "key", Pem.encode(key.key.key)));
    }
    KeyFiles.writeSecret(file, new String(Json.write(tree), StandardCharsets.UTF_8) + "\n");
  }

  private static Tree made(Made made) {
    return Tree.of("key", Pem.encode(made.key.secret), "made", made.when.toString());
  }

  private static String text(Instant end) {
    return end.equals(Instant.MAX) ? NEVER : end.toString();
  }

  private static State read(Path file, String text) throws GeneralSecurityException {
    try {
      Tree tree = Json.read(text.getBytes(StandardCharsets.UTF_8));
      Tree next = tree.tree("next");
      List<Former> former = new ArrayList<>();
      for (Tree key : tree.trees("former")) {
        former.add(
            new Former(
                OpenKey.of((RSAPublicKey) Pem.rsaPublicKey(key.textOrEmpty("key"))), end(key)));
      }
      Tree signing = tree.treeOrEmpty("signing");
      return new State(
          made(signing, file), end(signing), next == null ? null : made(next, file), former);
    } catch (MalformedBody | DateTimeException | NoSuchElementException damaged) {
      throw new GeneralSecurityException(file + " is damaged: " + damaged.getMessage(), damaged);
    }
  }

  private static Made made(Tree tree, Path file) throws GeneralSecurityException {
    return new Made(
        SigningKey.of(secret(tree.textOrEmpty("key"), file)),
        Instant.parse(tree.textOrEmpty("made")));
  }

  private static Instant end(Tree tree) {
    String end = tree.textOrEmpty("end");
    return end.equals(NEVER) ? Instant.MAX : Instant.parse(end);
  }

  private static RSAPrivateCrtKey secret(String pem, Path file) throws GeneralSecurityException {
    if (Pem.privateKey(pem) instanceof RSAPrivateCrtKey key) {
      return key;
    }
    throw new GeneralSecurityException(file + " holds a key that is not RSA");
  }
}
