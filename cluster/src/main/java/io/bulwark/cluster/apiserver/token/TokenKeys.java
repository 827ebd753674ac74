package io.bulwark.cluster.apiserver.token;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Signs and reads JSON web tokens with one RSA key (RS256). Thread-safe. */
public final class TokenKeys {
  private static final String ALGORITHM = "SHA256withRSA";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final int LONGEST = 16 * 1024;

  private final Supplier<KeyPair> source;
  private volatile @Nullable Keys known;

  private record Keys(PrivateKey secret, RSAPublicKey open, String id) {
    static Keys of(KeyPair pair) {
      if (!(pair.getPublic() instanceof RSAPublicKey rsa)) {
        throw new IllegalArgumentException("tokens are signed by an RSA key");
      }
      return new Keys(pair.getPrivate(), rsa, ENCODER.encodeToString(Sha256.of(rsa.getEncoded())));
    }
  }

  public TokenKeys(KeyPair keys) {
    this(() -> keys);
  }

  /**
   * @param source asked with the first token, since making such a key takes long; must always give
   *     the same one
   */
  public TokenKeys(Supplier<KeyPair> source) {
    this.source = source;
  }

  private Keys keys() {
    Keys keys = known;
    if (keys == null) {
      keys = Keys.of(source.get());
      known = keys;
    }
    return keys;
  }

  /** A token with these claims. */
  public String sign(Tree claims) {
    Keys keys = keys();
    String signed = part(Tree.of("alg", "RS256", "kid", keys.id)) + "." + part(claims);
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.secret);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** The claims of a token that this key signed, or null for anything else. */
  @Nullable Tree claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3 || token.length() > LONGEST) {
      return null;
    }
    Keys keys = keys();
    try {
      Tree header = Json.read(Base64.getUrlDecoder().decode(parts[0]));
      if (!header.textOrEmpty("alg").equals("RS256")
          || (header.has("kid") && !header.textOrEmpty("kid").equals(keys.id))) {
        return null;
      }
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(keys.open);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          ? Json.read(Base64.getUrlDecoder().decode(parts[1]))
          : null;
    } catch (IllegalArgumentException | MalformedBody | GeneralSecurityException noToken) {
      return null;
    }
  }

  /** The public key as a JSON web key set. */
  Tree keySet() {
    Keys keys = keys();
    return Tree.of(
        "keys",
        TreeList.of(
            Tree.of(
                "alg",
                "RS256",
                "e",
                unsigned(keys.open.getPublicExponent()),
                "kid",
                keys.id,
                "kty",
                "RSA",
                "n",
                unsigned(keys.open.getModulus()),
                "use",
                "sig")));
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
