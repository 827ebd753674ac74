package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Verifies what cosign signed. Stateless and thread-safe.
 *
 * <p>Source: cosign's signature specification (simple signing) and the DSSE protocol.
 */
public final class Cosign {
  private static final String IN_TOTO = "application/vnd.in-toto+json";

  private final InstantSource clock;

  public Cosign(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Verifies one signature or attestation of an image.
   *
   * @param requirement a policy's SignatureRequirement
   * @param digest the image's, {@code sha256:...}
   * @throws SignatureRefused if it does not satisfy the requirement
   */
  public void verify(Tree requirement, String digest, SignedPayload signed)
      throws SignatureRefused {
    String attestation = requirement.textOrEmpty("attestation");
    if (attestation.isEmpty()) {
      signature(requirement, digest, signed);
    } else {
      attestation(requirement, digest, signed, attestation);
    }
  }

  private void signature(Tree requirement, String digest, SignedPayload signed)
      throws SignatureRefused {
    byte[] signature = PublicKeys.base64(signed.signature(), "the signature");
    PublicKey key = key(requirement, signed, signed.content(), signed.signature());
    if (!PublicKeys.verifies(key, signed.content(), signature)) {
      throw new SignatureRefused("the signature is not by the wanted key");
    }
    Tree claim = LogEntry.json(signed.content());
    String named = claim.textOrEmpty("critical", "image", "docker-manifest-digest");
    if (!named.equals(digest)) {
      throw new SignatureRefused("the signature is of another image: " + named);
    }
  }

  private void attestation(
      Tree requirement, String digest, SignedPayload signed, String predicateType)
      throws SignatureRefused {
    Tree envelope = LogEntry.json(signed.content());
    String payloadType = envelope.textOrEmpty("payloadType");
    byte[] payload = PublicKeys.base64(envelope.textOrEmpty("payload"), "the attestation");
    byte[] covered = authenticated(payloadType, payload);
    boolean verified = false;
    for (Tree given : envelope.trees("signatures")) {
      String text = given.textOrEmpty("sig");
      PublicKey key = key(requirement, signed, covered, text);
      verified |= PublicKeys.verifies(key, covered, PublicKeys.base64(text, "the signature"));
    }
    if (!verified || !payloadType.equals(IN_TOTO)) {
      throw new SignatureRefused("the attestation is not signed by the wanted key");
    }
    Tree statement = LogEntry.json(payload);
    if (!statement.textOrEmpty("predicateType").equals(predicateType)) {
      throw new SignatureRefused("the attestation is of " + statement.textOrEmpty("predicateType"));
    }
    boolean ours =
        statement.trees("subject").stream()
            .anyMatch(
                subject -> digest.equals("sha256:" + subject.textOrEmpty("digest", "sha256")));
    if (!ours) {
      throw new SignatureRefused("the attestation is of another image");
    }
  }

  private PublicKey key(Tree requirement, SignedPayload signed, byte[] covered, String signature)
      throws SignatureRefused {
    String key = requirement.textOrEmpty("key");
    if (!key.isEmpty()) {
      return PublicKeys.key(key);
    }
    Tree wanted = requirement.treeOrEmpty("certificate");
    if (signed.certificate() == null) {
      throw new SignatureRefused("the signature has no certificate");
    }
    String log = wanted.textOrEmpty("transparencyLog");
    Instant moment =
        log.isEmpty() ? clock.instant() : LogEntry.seen(signed.logEntry(), log, covered, signature);
    return CertificateHolder.key(wanted, signed.certificate(), signed.chain(), moment);
  }

  /** DSSE's pre-authentication encoding. */
  private static byte[] authenticated(String type, byte[] payload) {
    byte[] head =
        ("DSSEv1 "
                + type.getBytes(StandardCharsets.UTF_8).length
                + " "
                + type
                + " "
                + payload.length
                + " ")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }
}
