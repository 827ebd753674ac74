package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.signature.LogEntry.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Says whether a log's entry is about a signature: of the same content, the same signature and,
 * where the entry names a certificate, by the same.
 *
 * <p>Source: Rekor's types hashedrekord 0.0.1, dsse 0.0.1 and intoto 0.0.2; Rekor 2's hashedrekord
 * and dsse 0.0.2.
 */
final class LoggedSignature {
  private LoggedSignature() {}

  static boolean of(Tree logged, Subject subject) throws SignatureRefused {
    Tree spec = logged.treeOrEmpty("spec");
    boolean second = logged.textOrEmpty("apiVersion").equals("0.0.2");
    return switch (logged.textOrEmpty("kind")) {
      case "hashedrekord" -> {
        Tree record = second ? spec.treeOrEmpty("hashedRekordV002") : spec;
        Tree data = record.treeOrEmpty("data");
        Tree signature = record.treeOrEmpty("signature");
        yield hashed(second ? data : data.treeOrEmpty("hash"), subject.hash(), second)
            && signature.textOrEmpty("content").equals(subject.signature())
            && (second
                ? certified(signature.treeOrEmpty("verifier"), subject)
                : named(signature.textOrEmpty("publicKey", "content"), subject));
      }
      case "dsse" -> {
        Tree envelope = second ? spec.treeOrEmpty("dsseV002") : spec;
        yield hashed(envelope.treeOrEmpty("payloadHash"), subject.payload(), second)
            && signed(envelope.trees("signatures"), second, subject);
      }
      case "intoto" ->
          hashed(spec.treeOrEmpty("content", "payloadHash"), subject.payload(), false)
              && spec.treeOrEmpty("content", "envelope").trees("signatures").stream()
                  .anyMatch(one -> one.textOrEmpty("sig").equals(twice(subject.signature())));
      default -> false;
    };
  }

  private static boolean signed(List<Tree> signatures, boolean second, Subject subject)
      throws SignatureRefused {
    for (Tree one : signatures) {
      if (one.textOrEmpty(second ? "content" : "signature").equals(subject.signature())) {
        return second
            ? certified(one.treeOrEmpty("verifier"), subject)
            : named(one.textOrEmpty("verifier"), subject);
      }
    }
    return false;
  }

  /** The first versions write hexadecimal digits, the second base64. */
  private static boolean hashed(Tree hash, byte[] wanted, boolean second) {
    return second
        ? hash.textOrEmpty("algorithm").equals("SHA2_256")
            && hash.textOrEmpty("digest").equals(Base64.getEncoder().encodeToString(wanted))
        : hash.textOrEmpty("value").equals(Evidence.hex(wanted));
  }

  private static boolean certified(Tree verifier, Subject subject) throws SignatureRefused {
    String raw = verifier.textOrEmpty("x509Certificate", "rawBytes");
    return PublicKeys.certificate(PublicKeys.base64(raw, "the log's certificate"))
        .equals(subject.signer());
  }

  /** Base64 of PEM; a key instead of a certificate names nobody. */
  private static boolean named(String verifier, Subject subject) throws SignatureRefused {
    String pem =
        new String(PublicKeys.base64(verifier, "the log's certificate"), StandardCharsets.UTF_8);
    return !pem.contains("CERTIFICATE")
        || PublicKeys.certificates(pem).stream().limit(1).allMatch(subject.signer()::equals);
  }

  private static String twice(String signature) {
    return Base64.getEncoder().encodeToString(signature.getBytes(StandardCharsets.UTF_8));
  }
}
