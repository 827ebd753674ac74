package io.bulwark.cluster.apiserver.token;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.tls.TokenKeyRing;
import io.bulwark.cluster.platform.tls.TokenKeyRing.OpenKey;
import io.bulwark.cluster.platform.tls.TokenKeyRing.SigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Signs and reads JSON web tokens with RSA keys (RS256). Thread-safe. */
public final class TokenKeys {
  private static final String ALGORITHM = "SHA256withRSA";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final int LONGEST = 16 * 1024;

  private final Supplier<TokenKeyRing> source;
  private volatile @Nullable TokenKeyRing known;

  /** One key for ever. */
  public TokenKeys(KeyPair keys) {
    this(() -> TokenKeyRing.of(keys));
  }

  /**
   * @param source asked with the first token, since making a key takes long
   */
  public TokenKeys(Supplier<TokenKeyRing> source) {
    this.source = source;
  }

  private TokenKeyRing ring() {
    TokenKeyRing ring = known;
    if (ring == null) {
      ring = source.get();
      known = ring;
    }
    return ring;
  }

  /**
   * A token with these claims; one without {@code exp} never expires.
   *
   * @throws java.io.UncheckedIOException if it cannot be noted how long the key must verify
   */
  public String sign(Tree claims) {
    SigningKey key =
        ring().signing(claims.has("exp") ? Instant.ofEpochSecond(claims.number(0, "exp")) : null);
    String signed = part(Tree.of("alg", "RS256", "kid", key.open().id())) + "." + part(claims);
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key.secret());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** The claims of a token that one of these keys signed, or null for anything else. */
  @Nullable Tree claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3 || token.length() > LONGEST) {
      return null;
    }
    try {
      Tree header = Json.read(Base64.getUrlDecoder().decode(parts[0]));
      if (!header.textOrEmpty("alg").equals("RS256")) {
        return null;
      }
      byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
      byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
      for (OpenKey key : ring().verifying()) {
        if ((!header.has("kid") || header.textOrEmpty("kid").equals(key.id()))
            && verifies(key, signed, signature)) {
          return Json.read(Base64.getUrlDecoder().decode(parts[1]));
        }
      }
      return null;
    } catch (IllegalArgumentException | MalformedBody | GeneralSecurityException noToken) {
      return null;
    }
  }

  private static boolean verifies(OpenKey key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    Signature check = Signature.getInstance(ALGORITHM);
    check.initVerify(key.key());
    check.update(signed);
    return check.verify(signature);
  }

  /** The public keys as a JSON web key set, the one that signs first. */
  Tree keySet() {
    TreeList keys = new TreeList();
    for (OpenKey key : ring().verifying()) {
      keys.add(
          Tree.of(
              "alg",
              "RS256",
              "e",
              unsigned(key.key().getPublicExponent()),
              "kid",
              key.id(),
              "kty",
              "RSA",
              "n",
              unsigned(key.key().getModulus()),
              "use",
              "sig"));
    }
    return Tree.of("keys", keys);
  }

  private static String part(Tree tree) {
    return ENCODER.encodeToString(Json.write(tree));
  }

  private static String unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return ENCODER.encodeToString(
        bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }
}
