package io.bulwark.cluster.platform.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Time stamps: an authority's word that something was there at a moment. All of a stamp is read as
 * distinguished encoding; what is not so encoded is refused. Stateless and thread-safe.
 *
 * <p>Source: RFC 3161; RFC 5652, section 5, for what is signed; RFC 5816 for the certificate's
 * hash.
 */
public final class TimeStamp {
  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  private static final String STAMP = "1.2.840.113549.1.9.16.1.4";
  private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
  private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
  private static final String SIGNER = "1.2.840.113549.1.9.16.2.12";
  private static final String SIGNER_2 = "1.2.840.113549.1.9.16.2.47";
  private static final String STAMPING = "1.3.6.1.5.5.7.3.8";
  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final int EXPLICIT = 0xa0;
  private static final int LARGEST = 1 << 16;
  private static final int MOST_CERTIFICATES = 20;

  private static final Map<String, String> HASHES =
      Map.of(
          "2.16.840.1.101.3.4.2.1", "SHA-256",
          "2.16.840.1.101.3.4.2.2", "SHA-384",
          "2.16.840.1.101.3.4.2.3", "SHA-512");

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuuMMddHHmmss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter();

  private final List<DerValue> data;
  private final List<DerValue> signer;
  private final byte[] content;

  private TimeStamp(byte[] response) throws GeneralSecurityException {
    if (response.length > LARGEST) {
      throw refused("it has " + response.length + " bytes");
    }
    List<DerValue> answer = DerValue.only(response).parts(Der.SEQUENCE, 2);
    DerValue status = answer.getFirst().parts(Der.SEQUENCE, 1).getFirst();
    byte[] granted = status.content();
    if (status.tag() != Der.INTEGER || granted.length != 1 || granted[0] < 0 || granted[0] > 1) {
      throw refused("the authority did not grant it");
    }
    data = typed(answer.get(1), SIGNED_DATA).parts(Der.SEQUENCE, 4);
    DerValue octets = typed(data.get(2), STAMP);
    if (octets.tag() != Der.OCTETS) {
      throw refused("its content is no text of octets");
    }
    content = octets.content();
    List<DerValue> signers = data.getLast().parts(Der.SET, 1);
    if (signers.size() != 1) {
      throw refused("it has " + signers.size() + " signers");
    }
    signer = signers.getFirst().parts(Der.SEQUENCE, 6);
  }

  /** The value of a type and an explicit tag. */
  private static DerValue typed(DerValue holder, String type) throws GeneralSecurityException {
    List<DerValue> parts = holder.parts(Der.SEQUENCE, 2);
    if (!parts.getFirst().is(type)) {
      throw refused("it holds something else");
    }
    return parts.get(1).parts(EXPLICIT, 1).getFirst();
  }

  /**
   * When something was stamped.
   *
   * @param response of the authority, with the stamp
   * @param stamped what must have been stamped
   * @param authorities that are trusted: the signer's own certificate or those above it
   * @throws GeneralSecurityException if the stamp is malformed, of something else, or not by a
   *     trusted authority that was valid at the time it names
   */
  public static Instant verify(byte[] response, byte[] stamped, List<X509Certificate> authorities)
      throws GeneralSecurityException {
    TimeStamp stamp = new TimeStamp(response);
    Instant time = stamp.time(stamped);
    List<X509Certificate> given = stamp.certificates();
    X509Certificate holder = stamp.holder(given, authorities);
    trusted(holder, given, authorities, time);
    stamp.signed(holder);
    return time;
  }

  private Instant time(byte[] stamped) throws GeneralSecurityException {
    List<DerValue> parts = DerValue.only(content).parts(Der.SEQUENCE, 5);
    List<DerValue> imprint = parts.get(2).parts(Der.SEQUENCE, 2);
    byte[] hash = MessageDigest.getInstance(hash(imprint.getFirst())).digest(stamped);
    if (imprint.get(1).tag() != Der.OCTETS
        || !MessageDigest.isEqual(hash, imprint.get(1).content())) {
      throw refused("it is of something else");
    }
    if (parts.get(4).tag() != Der.GENERALIZED_TIME) {
      throw refused("it names no time");
    }
    String text = new String(parts.get(4).content(), StandardCharsets.US_ASCII);
    if (!text.matches("\\d{14}(?:\\.\\d{1,9})?Z")) {
      throw refused("it names no time");
    }
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException malformed) {
      throw new GeneralSecurityException("the time stamp names no time", malformed);
    }
  }

  private List<X509Certificate> certificates() throws GeneralSecurityException {
    List<X509Certificate> found = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (DerValue part : data) {
      if (part.tag() == EXPLICIT) {
        for (DerValue one : part.parts()) {
          if (found.size() == MOST_CERTIFICATES) {
            throw refused("it has more than " + MOST_CERTIFICATES + " certificates");
          }
          found.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(one.encoded())));
        }
      }
    }
    return found;
  }

  /** The certificate that the signer names by issuer and serial number. */
  private X509Certificate holder(List<X509Certificate> given, List<X509Certificate> authorities)
      throws GeneralSecurityException {
    List<DerValue> named = signer.get(1).parts(Der.SEQUENCE, 2);
    DerValue number = named.get(1);
    if (number.tag() != Der.INTEGER || number.content().length == 0) {
      throw refused("its signer has no serial number");
    }
    BigInteger serial = new BigInteger(number.content());
    List<X509Certificate> all = new ArrayList<>(authorities);
    all.addAll(given);
    for (X509Certificate one : all) {
      if (one.getSerialNumber().equals(serial)
          && Arrays.equals(one.getIssuerX500Principal().getEncoded(), named.getFirst().encoded())) {
        return one;
      }
    }
    throw refused("the signer's certificate is not there");
  }

  private static void trusted(
      X509Certificate holder,
      List<X509Certificate> given,
      List<X509Certificate> authorities,
      Instant time)
      throws GeneralSecurityException {
    List<String> uses = holder.getExtendedKeyUsage();
    if (uses == null || !uses.equals(List.of(STAMPING))) {
      throw refused("the signer's certificate is not for time stamps");
    }
    Date date = Date.from(time);
    if (authorities.contains(holder)) {
      holder.checkValidity(date);
      return;
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
    if (anchors.isEmpty()) {
      throw refused("no authority is trusted");
    }
    List<X509Certificate> path = new ArrayList<>(List.of(holder));
    for (X509Certificate next = above(holder, given, authorities, path); next != null; ) {
      path.add(next);
      next = above(next, given, authorities, path);
    }
    PKIXParameters parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(date);
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  private static @Nullable X509Certificate above(
      X509Certificate child,
      List<X509Certificate> given,
      List<X509Certificate> authorities,
      List<X509Certificate> path) {
    for (X509Certificate one : given) {
      if (!path.contains(one)
          && !authorities.contains(one)
          && one.getSubjectX500Principal().equals(child.getIssuerX500Principal())) {
        return one;
      }
    }
    return null;
  }

  private void signed(X509Certificate holder) throws GeneralSecurityException {
    String hash = hash(signer.get(2));
    DerValue attributes = signer.get(3);
    if (attributes.tag() != EXPLICIT) {
      throw refused("it has no signed attributes");
    }
    if (!attribute(attributes, CONTENT_TYPE).is(STAMP)) {
      throw refused("another type is signed");
    }
    DerValue digest = attribute(attributes, MESSAGE_DIGEST);
    if (digest.tag() != Der.OCTETS
        || !MessageDigest.isEqual(
            MessageDigest.getInstance(hash).digest(content), digest.content())) {
      throw refused("its content is not what was signed");
    }
    names(attributes, holder);
    Signature signature = Signature.getInstance(algorithm(signer.get(4), hash));
    signature.initVerify(holder.getPublicKey());
    signature.update(Der.of(Der.SET, attributes.content()));
    if (signer.get(5).tag() != Der.OCTETS || !signature.verify(signer.get(5).content())) {
      throw refused("the signature is not the authority's");
    }
  }

  /** The one value of an attribute that is there once. */
  private static DerValue attribute(DerValue attributes, String type)
      throws GeneralSecurityException {
    List<DerValue> found = values(attributes, type);
    if (found.size() != 1) {
      throw refused("a signed attribute is there " + found.size() + " times");
    }
    return found.getFirst();
  }

  private static List<DerValue> values(DerValue attributes, String type)
      throws GeneralSecurityException {
    List<DerValue> found = new ArrayList<>();
    for (DerValue one : attributes.parts()) {
      List<DerValue> parts = one.parts(Der.SEQUENCE, 2);
      if (parts.getFirst().is(type)) {
        found.addAll(parts.get(1).parts(Der.SET, 1));
      }
    }
    return found;
  }

  /**
   * What is signed names the signer's certificate by its hash, so that no other takes its place.
   */
  private static void names(DerValue attributes, X509Certificate holder)
      throws GeneralSecurityException {
    boolean newer = !values(attributes, SIGNER_2).isEmpty();
    List<DerValue> first =
        attribute(attributes, newer ? SIGNER_2 : SIGNER)
            .parts(Der.SEQUENCE, 1)
            .getFirst()
            .parts(Der.SEQUENCE, 1)
            .getFirst()
            .parts(Der.SEQUENCE, 1);
    boolean named = newer && first.getFirst().tag() == Der.SEQUENCE;
    String hash = !newer ? "SHA-1" : named ? hash(first.getFirst()) : "SHA-256";
    DerValue value = first.get(named && first.size() > 1 ? 1 : 0);
    if (!MessageDigest.isEqual(
        MessageDigest.getInstance(hash).digest(holder.getEncoded()), value.content())) {
      throw refused("what is signed names another certificate");
    }
  }

  private static String hash(DerValue algorithm) throws GeneralSecurityException {
    DerValue identifier = algorithm.parts(Der.SEQUENCE, 1).getFirst();
    for (Map.Entry<String, String> each : HASHES.entrySet()) {
      if (identifier.is(each.getKey())) {
        return each.getValue();
      }
    }
    throw refused("its hash is not supported");
  }

  private static String algorithm(DerValue named, String hash) throws GeneralSecurityException {
    return named.parts(Der.SEQUENCE, 1).getFirst().is(RSA)
        ? hash.replace("-", "") + "withRSA"
        : SignedContent.algorithm(named);
  }

  private static GeneralSecurityException refused(String why) {
    return new GeneralSecurityException("the time stamp is refused: " + why);
  }
}
