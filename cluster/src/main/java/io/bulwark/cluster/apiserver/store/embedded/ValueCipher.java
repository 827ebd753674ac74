package io.bulwark.cluster.apiserver.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values with AES-256-GCM. What it seals starts with a version byte, the length of the key
 * id and the key id, so that values sealed with older keys can still be read; then follow a random
 * nonce of 12 bytes and the ciphertext with its tag. The store's key and the revision are
 * authenticated too: a sealed value cannot be moved to another key or brought back later.
 *
 * <p>The key file has one key on a line, {@code <id> <base64 of 32 bytes>}. The first seals; the
 * others only open. To rotate, put a new line on top and restart: what older keys sealed is sealed
 * anew when the store opens, and then the old lines may go.
 *
 * <p>Thread-safe.
 */
final class ValueCipher {
  private static final byte VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String active;
  private final Map<String, SecretKey> keys;

  private ValueCipher(Map<String, SecretKey> keys) {
    this.keys = keys;
    this.active = keys.keySet().iterator().next();
  }

  /** Reads the key file; makes it, for its owner only, where there is none. */
  static ValueCipher open(Path keyFile) throws IOException {
    if (!Files.exists(keyFile)) {
      create(keyFile);
    }
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    for (String line : Files.readAllLines(keyFile, StandardCharsets.US_ASCII)) {
      String[] words = line.strip().split(" +", -1);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      byte[] key = words.length == 2 ? decoded(words[1]) : new byte[0];
      if (key.length != 32 || words[0].length() > 100) {
        throw new IOException(
            keyFile + ": expected lines of a key id and 32 bytes in base64, apart by a space");
      }
      keys.put(words[0], new SecretKeySpec(key, "AES"));
    }
    if (keys.isEmpty()) {
      throw new IOException(keyFile + " has no key");
    }
    return new ValueCipher(keys);
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      return new byte[0];
    }
  }

  private static void create(Path keyFile) throws IOException {
    byte[] key = new byte[32];
    byte[] id = new byte[4];
    RANDOM.nextBytes(key);
    RANDOM.nextBytes(id);
    String line = HexFormat.of().formatHex(id) + " " + Base64.getEncoder().encodeToString(key);
    Path directory = keyFile.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    Path draft =
        Files.createTempFile(
            directory,
            "key",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var channel =
        java.nio.channels.FileChannel.open(draft, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(draft, keyFile, StandardCopyOption.ATOMIC_MOVE);
  }

  byte[] seal(String key, long revision, byte[] value) {
    byte[] id = active.getBytes(StandardCharsets.US_ASCII);
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    byte[] text = crypt(Cipher.ENCRYPT_MODE, active, nonce, key, revision, value, 0, value.length);
    return ByteBuffer.allocate(2 + id.length + NONCE + text.length)
        .put(VERSION)
        .put((byte) id.length)
        .put(id)
        .put(nonce)
        .put(text)
        .array();
  }

  /**
   * @throws IllegalStateException if the value was sealed with an unknown key or was tampered with
   */
  byte[] open(String key, long revision, byte[] sealed) {
    String id = keyId(sealed);
    int start = 2 + id.length();
    byte[] nonce = java.util.Arrays.copyOfRange(sealed, start, start + NONCE);
    int text = start + NONCE;
    return crypt(Cipher.DECRYPT_MODE, id, nonce, key, revision, sealed, text, sealed.length - text);
  }

  /** Whether a value was sealed with the key that seals now. */
  boolean current(byte[] sealed) {
    return keyId(sealed).equals(active);
  }

  private static String keyId(byte[] sealed) {
    if (sealed.length < 2 || sealed[0] != VERSION || sealed.length < 2 + sealed[1] + NONCE) {
      throw new IllegalStateException("an encrypted value has no valid header");
    }
    return new String(sealed, 2, sealed[1], StandardCharsets.US_ASCII);
  }

  private byte[] crypt(
      int mode,
      String id,
      byte[] nonce,
      String key,
      long revision,
      byte[] input,
      int offset,
      int length) {
    SecretKey secret = keys.get(id);
    if (secret == null) {
      throw new IllegalStateException(
          key + " is encrypted with key " + id + ", which the key file lacks");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD((revision + " " + key).getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input, offset, length);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("the encrypted value of " + key + " is damaged", broken);
    }
  }
}
