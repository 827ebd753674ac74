package io.bulwark.cluster.image.signature;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * The transparency log's word for when it saw a signature. Untrusted until {@link #seen}.
 *
 * <p>Source: the bundle that cosign writes beside a signature and Sigstore's own; the signed entry
 * timestamp covers the payload as JSON with sorted keys.
 *
 * @param body base64 of what was logged
 * @param time in seconds since the epoch
 * @param logId hexadecimal
 * @param promise base64 of the log's signature
 */
record LogEntry(String body, long time, long index, String logId, String promise) {
  /** As cosign attaches it to a signature. */
  static LogEntry attached(String entry) throws SignatureRefused {
    Tree bundle = json(entry.getBytes(StandardCharsets.UTF_8));
    Tree payload = bundle.treeOrEmpty("Payload");
    return new LogEntry(
        payload.textOrEmpty("body"),
        payload.number(0, "integratedTime"),
        payload.number(0, "logIndex"),
        payload.textOrEmpty("logID"),
        bundle.textOrEmpty("SignedEntryTimestamp"));
  }

  /** As a Sigstore bundle holds it; 64-bit numbers are texts there. */
  static LogEntry bundled(Tree entry) throws SignatureRefused {
    return new LogEntry(
        entry.textOrEmpty("canonicalizedBody"),
        number(entry, "integratedTime"),
        number(entry, "logIndex"),
        Evidence.hex(PublicKeys.base64(entry.textOrEmpty("logId", "keyId"), "the log's name")),
        entry.textOrEmpty("inclusionPromise", "signedEntryTimestamp"));
  }

  private static long number(Tree entry, String field) throws SignatureRefused {
    String text = entry.textOrEmpty(field);
    try {
      return text.isEmpty() ? entry.number(0, field) : Long.parseLong(text);
    } catch (NumberFormatException broken) {
      throw new SignatureRefused("the transparency log's " + field + " is no number");
    }
  }

  /**
   * When a log took in a signature.
   *
   * @param hash SHA-256 of what was signed, of an envelope's payload; hexadecimal
   * @throws SignatureRefused if the log did not sign that for any of the entries
   */
  static Instant seen(List<LogEntry> entries, String logKey, String hash, String signature)
      throws SignatureRefused {
    SignatureRefused why = new SignatureRefused("the signature is in no transparency log");
    for (LogEntry entry : entries) {
      try {
        return entry.seen(logKey, hash, signature);
      } catch (SignatureRefused refused) {
        why = refused;
      }
    }
    throw why;
  }

  private Instant seen(String logKey, String hash, String signature) throws SignatureRefused {
    byte[] signed = PublicKeys.base64(promise, "the log's signature");
    Tree covered = Tree.of("body", body, "integratedTime", time, "logIndex", index, "logID", logId);
    if (!PublicKeys.verifies(PublicKeys.key(logKey), Json.write(covered), signed)) {
      throw new SignatureRefused("the transparency log did not sign its entry");
    }
    Tree logged = json(PublicKeys.base64(body, "the log's entry"));
    if (!about(logged, hash, signature)) {
      throw new SignatureRefused("the transparency log's entry is of another signature");
    }
    return Instant.ofEpochSecond(time);
  }

  private static boolean about(Tree logged, String hash, String signature) {
    Tree spec = logged.treeOrEmpty("spec");
    return switch (logged.textOrEmpty("kind")) {
      case "hashedrekord" ->
          spec.textOrEmpty("signature", "content").equals(signature)
              && spec.textOrEmpty("data", "hash", "value").equals(hash);
      case "dsse" ->
          spec.textOrEmpty("payloadHash", "value").equals(hash)
              && spec.trees("signatures").stream()
                  .anyMatch(one -> one.textOrEmpty("signature").equals(signature));
      case "intoto" ->
          spec.textOrEmpty("content", "payloadHash", "value").equals(hash)
              && spec.treeOrEmpty("content", "envelope").trees("signatures").stream()
                  .anyMatch(one -> one.textOrEmpty("sig").equals(twice(signature)));
      default -> false;
    };
  }

  private static String twice(String signature) {
    return Base64.getEncoder().encodeToString(signature.getBytes(StandardCharsets.UTF_8));
  }

  static Tree json(byte[] text) throws SignatureRefused {
    try {
      return Json.read(text);
    } catch (RuntimeException broken) {
      throw new SignatureRefused("what is signed is not JSON");
    }
  }
}
