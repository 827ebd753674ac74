package io.bulwark.cluster.image.signature;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.policy.ImagePattern;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says whether a signing certificate is that of the holder whom a policy names. */
final class CertificateHolder {
  private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
  private static final String OLD_ISSUER = "1.3.6.1.4.1.57264.1.1";

  private CertificateHolder() {}

  /**
   * The key of the certificate.
   *
   * @param given the signer's certificate, then those between it and an authority
   * @param moment when the certificate has to be valid
   */
  static PublicKey key(Tree wanted, List<X509Certificate> given, Instant moment)
      throws SignatureRefused {
    X509Certificate leaf = given.getFirst();
    trusted(given, PublicKeys.certificates(wanted.textOrEmpty("authority")), moment);
    ImagePattern subject = ImagePattern.of(wanted.textOrEmpty("subject"));
    if (names(leaf).stream().noneMatch(subject::matches)) {
      throw new SignatureRefused(
          "the signing certificate is of " + names(leaf) + ", not of " + subject);
    }
    String issuer = wanted.textOrEmpty("issuer");
    if (!issuer.isEmpty() && !issuer.equals(issuer(leaf))) {
      throw new SignatureRefused(
          "the signing certificate's identity provider is \"" + issuer(leaf) + "\"");
    }
    return leaf.getPublicKey();
  }

  private static void trusted(
      List<X509Certificate> given, List<X509Certificate> authorities, Instant moment)
      throws SignatureRefused {
    Set<TrustAnchor> anchors = new HashSet<>();
    authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
    List<X509Certificate> path = new ArrayList<>();
    for (X509Certificate next = given.getFirst(); next != null && path.size() <= given.size(); ) {
      path.add(next);
      X509Certificate child = next;
      next =
          given.stream()
              .filter(c -> !path.contains(c) && !authorities.contains(c))
              .filter(c -> c.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
              .findFirst()
              .orElse(null);
    }
    try {
      if (anchors.isEmpty()) {
        throw new SignatureRefused("the policy names no authority");
      }
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(moment));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      List<String> uses = given.getFirst().getExtendedKeyUsage();
      if (uses == null || !uses.contains("1.3.6.1.5.5.7.3.3")) {
        throw new SignatureRefused("the certificate is not for signing code");
      }
    } catch (GeneralSecurityException untrusted) {
      throw new SignatureRefused(
          "the signing certificate is not trusted: " + untrusted.getMessage());
    }
  }

  private static List<String> names(X509Certificate certificate) throws SignatureRefused {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (alternative.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (CertificateParsingException broken) {
      throw new SignatureRefused("the signing certificate's names cannot be read");
    }
    return names;
  }

  /** The newer extension is a UTF8String in an octet string, the older one plain text in it. */
  private static String issuer(X509Certificate certificate) {
    byte[] newer = certificate.getExtensionValue(ISSUER);
    if (newer != null && newer.length > 4) {
      return new String(newer, 4, newer.length - 4, StandardCharsets.UTF_8);
    }
    byte[] older = certificate.getExtensionValue(OLD_ISSUER);
    return older == null || older.length < 2
        ? ""
        : new String(older, 2, older.length - 2, StandardCharsets.UTF_8);
  }
}
