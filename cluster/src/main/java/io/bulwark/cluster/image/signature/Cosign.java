package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.signature.Evidence.Statement;
import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.tls.TimeStamp;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Verifies what cosign signed: claims and attestations beside an image, and Sigstore bundles that
 * refer to it. Stateless and thread-safe.
 *
 * <p>Source: cosign's signature specification (simple signing), the DSSE protocol, and Sigstore's
 * bundle format.
 */
public final class Cosign {
  private static final String IN_TOTO = "application/vnd.in-toto+json";
  private static final Set<String> CLAIMS =
      Set.of("cosign container image signature", "atomic container signature");

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
    String wanted = requirement.textOrEmpty("attestation");
    Evidence evidence = Evidence.of(signed);
    switch (evidence.statement()) {
      case Statement.Envelope envelope ->
          attestation(
              requirement, digest, evidence, envelope.content(), PredicateTypes.named(wanted));
      case Statement.Claim claim when wanted.isEmpty() ->
          claim(requirement, digest, evidence, claim);
      case Statement.Direct direct when wanted.isEmpty() ->
          direct(requirement, digest, evidence, direct);
      case Statement.Claim _, Statement.Direct _ ->
          throw new SignatureRefused("what is signed is no attestation");
    }
  }

  private void claim(Tree requirement, String digest, Evidence evidence, Statement.Claim claim)
      throws SignatureRefused {
    byte[] signature = PublicKeys.base64(claim.signature(), "the signature");
    byte[] hash = Sha256.of(claim.content());
    PublicKey key = key(requirement, evidence, hash, hash, claim.signature());
    if (!PublicKeys.verifies(key, claim.content(), signature)) {
      throw new SignatureRefused("the signature is not by the wanted key");
    }
    Tree critical = LogEntry.json(claim.content()).treeOrEmpty("critical");
    if (!CLAIMS.contains(critical.textOrEmpty("type"))) {
      throw new SignatureRefused("what is signed is no claim about an image");
    }
    String named = critical.textOrEmpty("image", "docker-manifest-digest");
    if (!named.equals(digest)) {
      throw new SignatureRefused("the signature is of another image: " + named);
    }
  }

  private void direct(Tree requirement, String digest, Evidence evidence, Statement.Direct direct)
      throws SignatureRefused {
    String hash = Evidence.hex(direct.hash());
    PublicKey key = key(requirement, evidence, direct.hash(), direct.hash(), direct.signature());
    byte[] signature = PublicKeys.base64(direct.signature(), "the signature");
    if (!PublicKeys.verifiesHash(key, direct.hash(), signature)) {
      throw new SignatureRefused("the signature is not by the wanted key");
    }
    if (!digest.equals("sha256:" + hash)) {
      throw new SignatureRefused("the signature is of another image: sha256:" + hash);
    }
  }

  private void attestation(
      Tree requirement, String digest, Evidence evidence, Tree envelope, String predicateType)
      throws SignatureRefused {
    String payloadType = envelope.textOrEmpty("payloadType");
    byte[] payload = PublicKeys.base64(envelope.textOrEmpty("payload"), "the attestation");
    byte[] covered = authenticated(payloadType, payload);
    boolean verified = false;
    byte[] hash = Sha256.of(covered);
    byte[] payloadHash = Sha256.of(payload);
    for (Tree given : Evidence.limited(envelope, "signatures")) {
      String text = given.textOrEmpty("sig");
      PublicKey key = key(requirement, evidence, hash, payloadHash, text);
      verified |= PublicKeys.verifies(key, covered, PublicKeys.base64(text, "the signature"));
    }
    if (!verified) {
      throw new SignatureRefused("the attestation is not signed by the wanted key");
    }
    if (!payloadType.equals(IN_TOTO)) {
      throw new SignatureRefused("what is signed is no in-toto statement");
    }
    Tree statement = LogEntry.json(payload);
    if (!statement.textOrEmpty("_type").startsWith("https://in-toto.io/Statement/")) {
      throw new SignatureRefused("what is signed is no in-toto statement");
    }
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

  /**
   * The key that must have signed.
   *
   * @param hash SHA-256 of what was signed
   * @param payload SHA-256 of an envelope's payload, by which logs know it too
   */
  private PublicKey key(
      Tree requirement, Evidence evidence, byte[] hash, byte[] payload, String signature)
      throws SignatureRefused {
    String key = requirement.textOrEmpty("key");
    if (!key.isEmpty()) {
      return PublicKeys.key(key);
    }
    Tree wanted = requirement.treeOrEmpty("certificate");
    X509Certificate signer = evidence.signer();
    if (signer == null) {
      throw new SignatureRefused("the signature has no certificate");
    }
    LogEntry.Subject subject = new LogEntry.Subject(hash, payload, signature, signer);
    for (Instant moment : moments(wanted, evidence, subject)) {
      CertificateHolder.key(wanted, evidence.certificates(), moment);
    }
    return signer.getPublicKey();
  }

  /** When the certificate has to be valid: whenever somebody trusted saw the signature, or now. */
  private List<Instant> moments(Tree wanted, Evidence evidence, LogEntry.Subject subject)
      throws SignatureRefused {
    List<Instant> moments = new ArrayList<>();
    String log = wanted.textOrEmpty("transparencyLog");
    String stamping = wanted.textOrEmpty("timestampAuthority");
    if (!log.isEmpty()) {
      LogEntry.seen(evidence.logged(), log, subject).ifPresent(moments::add);
    }
    if (!stamping.isEmpty()) {
      moments.addAll(stamped(evidence.stamps(), stamping, subject.signature()));
    }
    if (moments.isEmpty() && !log.isEmpty()) {
      throw new SignatureRefused(
          "the transparency log does not say when it saw the signature, and the policy names no"
              + " timestampAuthority");
    }
    return moments.isEmpty() ? List.of(clock.instant()) : moments;
  }

  /** Stamps of authorities that are not trusted do not count; one must. */
  private static List<Instant> stamped(List<byte[]> stamps, String authorities, String signature)
      throws SignatureRefused {
    byte[] covered = PublicKeys.base64(signature, "the signature");
    List<X509Certificate> trusted = PublicKeys.certificates(authorities);
    List<Instant> moments = new ArrayList<>();
    String why = "the signature has no time stamp";
    for (byte[] stamp : stamps) {
      try {
        moments.add(TimeStamp.verify(stamp, covered, trusted));
      } catch (GeneralSecurityException refused) {
        why = String.valueOf(refused.getMessage());
      }
    }
    if (moments.isEmpty()) {
      throw new SignatureRefused(why);
    }
    return moments;
  }

  /** DSSE's pre-authentication encoding. */
  private static byte[] authenticated(String type, byte[] payload) {
    int length = type.getBytes(StandardCharsets.UTF_8).length;
    byte[] head =
        ("DSSEv1 " + length + " " + type + " " + payload.length + " ")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    return all;
  }
}
