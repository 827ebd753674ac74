package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was signed and what speaks for the signature, whichever way a registry keeps it. Nothing of
 * it is verified yet.
 *
 * <p>Source: Sigstore's bundle format, {@code sigstore_bundle.proto}.
 *
 * @param certificates the signer's first; empty where only a key signed
 * @param logged what transparency logs said; empty where none was asked
 * @param stamps answers of time-stamp authorities; empty where none was asked
 */
record Evidence(
    Statement statement,
    List<X509Certificate> certificates,
    List<LogEntry> logged,
    List<byte[]> stamps) {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
  private static final int MOST_ENTRIES = 20;

  /** What a signature covers. */
  sealed interface Statement {
    /** A JSON document that names the image. */
    record Claim(byte[] content, String signature) implements Statement {}

    /** A DSSE envelope. */
    record Envelope(Tree content) implements Statement {}

    /**
     * The image's manifest itself.
     *
     * @param hash SHA-256 of what was signed
     */
    record Direct(byte[] hash, String signature) implements Statement {}
  }

  static Evidence of(SignedPayload signed) throws SignatureRefused {
    if (signed.bundled()) {
      return ofBundle(LogEntry.json(signed.content()));
    }
    Statement statement =
        signed.signature().isEmpty()
            ? new Statement.Envelope(LogEntry.json(signed.content()))
            : new Statement.Claim(signed.content(), signed.signature());
    List<X509Certificate> certificates = new ArrayList<>();
    if (signed.certificate() != null) {
      certificates.addAll(PublicKeys.certificates(signed.certificate()));
    }
    if (signed.chain() != null && !signed.chain().isBlank()) {
      certificates.addAll(PublicKeys.certificates(signed.chain()));
    }
    String entry = signed.logEntry();
    String stamp = signed.timeStamp();
    return new Evidence(
        statement,
        certificates,
        entry == null ? List.of() : List.of(LogEntry.attached(entry)),
        stamp == null ? List.of() : List.of(attached(stamp)));
  }

  private static Evidence ofBundle(Tree bundle) throws SignatureRefused {
    if (!bundle.textOrEmpty("mediaType").startsWith(BUNDLE)) {
      throw new SignatureRefused("the bundle is of no known form");
    }
    Tree material = bundle.treeOrEmpty("verificationMaterial");
    List<X509Certificate> certificates = new ArrayList<>();
    Tree single = material.tree("certificate");
    if (single != null) {
      certificates.add(certificate(single));
    }
    for (Tree one : limited(material.treeOrEmpty("x509CertificateChain"), "certificates")) {
      certificates.add(certificate(one));
    }
    List<LogEntry> logged = new ArrayList<>();
    for (Tree entry : limited(material, "tlogEntries")) {
      logged.add(LogEntry.bundled(entry));
    }
    List<byte[]> stamps = new ArrayList<>();
    Tree stamping = material.treeOrEmpty("timestampVerificationData");
    for (Tree stamp : limited(stamping, "rfc3161Timestamps")) {
      stamps.add(PublicKeys.base64(stamp.textOrEmpty("signedTimestamp"), "the time stamp"));
    }
    return new Evidence(statement(bundle), certificates, logged, stamps);
  }

  private static byte[] attached(String stamp) throws SignatureRefused {
    Tree holder = LogEntry.json(stamp.getBytes(StandardCharsets.UTF_8));
    return PublicKeys.base64(holder.textOrEmpty("SignedRFC3161Timestamp"), "the time stamp");
  }

  private static Statement statement(Tree bundle) throws SignatureRefused {
    Tree envelope = bundle.tree("dsseEnvelope");
    Tree message = bundle.tree("messageSignature");
    if ((envelope == null) == (message == null)) {
      throw new SignatureRefused("the bundle holds no signature, or more than one");
    }
    if (message == null) {
      return new Statement.Envelope(envelope == null ? new Tree() : envelope);
    }
    if (!message.textOrEmpty("messageDigest", "algorithm").equals("SHA2_256")) {
      throw new SignatureRefused("the bundle's digest is no SHA-256");
    }
    return new Statement.Direct(
        PublicKeys.base64(message.textOrEmpty("messageDigest", "digest"), "the digest"),
        message.textOrEmpty("signature"));
  }

  private static X509Certificate certificate(Tree holder) throws SignatureRefused {
    return PublicKeys.certificate(
        PublicKeys.base64(holder.textOrEmpty("rawBytes"), "a certificate"));
  }

  static List<Tree> limited(Tree parent, String field) throws SignatureRefused {
    List<Tree> found = parent.trees(field);
    if (found.size() > MOST_ENTRIES) {
      throw new SignatureRefused("there are more than " + MOST_ENTRIES + " " + field);
    }
    return found;
  }

  /** The signer's certificate, or null. */
  @Nullable X509Certificate signer() {
    return certificates.isEmpty() ? null : certificates.getFirst();
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
