package io.bulwark.cluster;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * A bootstrap token, {@code id.secret}: six and sixteen characters of a-z and 0-9.
 *
 * <p>Source: upstream's "Authenticating with Bootstrap Tokens".
 */
public record JoinToken(String id, String secret) {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  public JoinToken {
    if (!id.matches("[a-z0-9]{6}") || !secret.matches("[a-z0-9]{16}")) {
      throw new IllegalArgumentException("a token has the form abcdef.0123456789abcdef");
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no token
   */
  public static JoinToken parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("a token has the form abcdef.0123456789abcdef");
    }
    return new JoinToken(text.substring(0, dot), text.substring(dot + 1));
  }

  public static JoinToken random(RandomGenerator random) {
    return new JoinToken(letters(random, 6), letters(random, 16));
  }

  public String text() {
    return id + "." + secret;
  }

  /** The Secret of kube-system that makes the token valid. */
  public Tree secret(Instant expiry) {
    Tree data = new Tree();
    data.put("token-id", encode(id));
    data.put("token-secret", encode(secret));
    data.put("expiration", encode(expiry.truncatedTo(ChronoUnit.SECONDS).toString()));
    data.put("usage-bootstrap-authentication", encode("true"));
    data.put("usage-bootstrap-signing", encode("true"));
    data.put("auth-extra-groups", encode("system:bootstrappers:bulwark:default-node-token"));
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Secret",
        "metadata", Tree.of("name", "bootstrap-token-" + id, "namespace", "kube-system"),
        "type", "bootstrap.kubernetes.io/token",
        "data", data);
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String letters(RandomGenerator random, int count) {
    StringBuilder letters = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return id + ".****************";
  }
}
