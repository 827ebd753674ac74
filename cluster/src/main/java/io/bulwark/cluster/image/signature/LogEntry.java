package io.bulwark.cluster.image.signature;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transparency log's word that it saw a signature, and when. Untrusted until {@link #seen}.
 *
 * <p>Source: the bundle that cosign writes beside a signature and Sigstore's own; the signed entry
 * timestamp covers the payload as JSON with sorted keys. Rekor 2 promises nothing and names no
 * time: it proves that the entry is in its tree.
 *
 * @param body base64 of what was logged
 * @param time in seconds since the epoch
 * @param logId hexadecimal
 * @param promise base64 of the log's signature; empty where there is none
 * @param proof that the entry is in the log's tree; null where there is none
 */
record LogEntry(
    String body,
    long time,
    long index,
    String logId,
    String promise,
    @Nullable InclusionProof proof) {
  /**
   * What a log must have seen.
   *
   * @param hash SHA-256 of what was signed
   * @param payload SHA-256 of an envelope's payload, else the same as the hash
   * @param signature base64
   * @param signer the certificate that signed
   */
  record Subject(byte[] hash, byte[] payload, String signature, X509Certificate signer) {}

  /** As cosign attaches it to a signature. */
  static LogEntry attached(String entry) throws SignatureRefused {
    Tree bundle = json(entry.getBytes(StandardCharsets.UTF_8));
    Tree payload = bundle.treeOrEmpty("Payload");
    return new LogEntry(
        payload.textOrEmpty("body"),
        payload.number(0, "integratedTime"),
        payload.number(0, "logIndex"),
        payload.textOrEmpty("logID"),
        bundle.textOrEmpty("SignedEntryTimestamp"),
        null);
  }

  /** As a Sigstore bundle holds it; 64-bit numbers are texts there. */
  static LogEntry bundled(Tree entry) throws SignatureRefused {
    return new LogEntry(
        entry.textOrEmpty("canonicalizedBody"),
        number(entry, "integratedTime"),
        number(entry, "logIndex"),
        Evidence.hex(PublicKeys.base64(entry.textOrEmpty("logId", "keyId"), "the log's name")),
        entry.textOrEmpty("inclusionPromise", "signedEntryTimestamp"),
        InclusionProof.of(entry));
  }

  static long number(Tree entry, String field) throws SignatureRefused {
    String text = entry.textOrEmpty(field);
    try {
      return text.isEmpty() ? entry.number(0, field) : Long.parseLong(text);
    } catch (NumberFormatException broken) {
      throw new SignatureRefused("the transparency log's " + field + " is no number");
    }
  }

  /**
   * When a log took in a signature; empty where it does not say.
   *
   * @param logKeys of the logs that are trusted, as PEM
   * @throws SignatureRefused if no log did, for any of the entries
   */
  static Optional<Instant> seen(List<LogEntry> entries, String logKeys, Subject subject)
      throws SignatureRefused {
    SignatureRefused why = new SignatureRefused("the signature is in no transparency log");
    List<PublicKey> keys = PublicKeys.keys(logKeys);
    for (LogEntry entry : entries) {
      try {
        return entry.seen(keys, subject);
      } catch (SignatureRefused refused) {
        why = refused;
      }
    }
    throw why;
  }

  /** Whatever the entry has to show must be right, and it must have something. */
  private Optional<Instant> seen(List<PublicKey> keys, Subject subject) throws SignatureRefused {
    byte[] leaf = PublicKeys.base64(body, "the log's entry");
    if (promise.isEmpty() && proof == null) {
      throw new SignatureRefused("the transparency log did not sign its entry");
    }
    if (proof != null) {
      proof.verify(leaf, keys);
    }
    if (!promise.isEmpty()) {
      byte[] signed = PublicKeys.base64(promise, "the log's signature");
      byte[] covered =
          Json.write(
              Tree.of("body", body, "integratedTime", time, "logIndex", index, "logID", logId));
      if (keys.stream().noneMatch(key -> PublicKeys.verifies(key, covered, signed))) {
        throw new SignatureRefused("the transparency log did not sign its entry");
      }
    }
    if (!LoggedSignature.of(json(leaf), subject)) {
      throw new SignatureRefused("the transparency log's entry is of another signature");
    }
    return promise.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(time));
  }

  static Tree json(byte[] text) throws SignatureRefused {
    try {
      return Json.read(text);
    } catch (RuntimeException broken) {
      throw new SignatureRefused("what is signed is not JSON");
    }
  }
}
