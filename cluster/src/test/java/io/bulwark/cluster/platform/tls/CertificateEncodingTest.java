package io.bulwark.cluster.platform.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Certification.Usage;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own encodings against those of Bouncy Castle, which reads and writes them independently. */
class CertificateEncodingTest {
  private static final Names NAMES =
      new Names(
          List.of("node-1", "kubernetes.default.svc"),
          List.of("192.0.2.1", "2001:db8:0:0:0:0:0:1"),
          List.of("someone@example.org"),
          List.of("spiffe://example.org/node"));

  @ParameterizedTest
  @CsvSource({"EC,2026-11-22T05:00:00Z", "RSA,2049-06-01T00:00:00Z"})
  void certificatesSayWhatAnotherReaderExpects(String algorithm, Instant now) throws Exception {
    InstantSource clock = InstantSource.fixed(now);
    KeyPair root = keys(algorithm);
    Authority authority = Authority.selfSigned("kubernetes", root, clock);
    JcaX509CertificateHolder self = new JcaX509CertificateHolder(authority.certificate());
    assertTrue(
        self.isSignatureValid(new JcaContentVerifierProviderBuilder().build(root.getPublic())));
    assertEquals(new BasicConstraints(true), BasicConstraints.fromExtensions(self.getExtensions()));
    assertTrue(KeyUsage.fromExtensions(self.getExtensions()).hasUsages(KeyUsage.keyCertSign));
    assertEquals(
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(root.getPublic()),
        org.bouncycastle.asn1.x509.SubjectKeyIdentifier.fromExtensions(self.getExtensions()));
    assertEquals(now.plus(Duration.ofDays(3650)), self.getNotAfter().toInstant());

    KeyPair holder = keys(algorithm);
    X509Certificate issued =
        authority.issue(
            holder.getPublic(),
            new Certification(
                Certification.subject("système", List.of("a,b", "c=d")),
                Set.of(Usage.CLIENT, Usage.SERVER),
                NAMES,
                Duration.ofDays(365)));
    JcaX509CertificateHolder read = new JcaX509CertificateHolder(issued);
    assertTrue(
        read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(root.getPublic())));
    Extensions extensions = read.getExtensions();
    assertEquals(
        generalNames(), GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName));
    assertEquals(
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}),
        ExtendedKeyUsage.fromExtensions(extensions));
    assertEquals(
        new KeyUsage(
            KeyUsage.digitalSignature | (algorithm.equals("RSA") ? KeyUsage.keyEncipherment : 0)),
        KeyUsage.fromExtensions(extensions));
    assertEquals(
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root.getPublic()),
        org.bouncycastle.asn1.x509.AuthorityKeyIdentifier.fromExtensions(extensions));
    X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
    subject.addRDN(BCStyle.O, "a,b").addRDN(BCStyle.O, "c=d").addRDN(BCStyle.CN, "système");
    assertArrayEquals(subject.build().getEncoded(), read.getSubject().getEncoded());
    assertEquals(now.minus(Duration.ofMinutes(5)), read.getNotBefore().toInstant());
    assertEquals(now.plus(Duration.ofDays(365)), read.getNotAfter().toInstant());
  }

  @ParameterizedTest
  @CsvSource({
    "EC,SHA256withECDSA",
    "EC,SHA384withECDSA",
    "EC,SHA512withECDSA",
    "RSA,SHA256withRSA",
    "RSA,SHA512withRSA",
    "Ed25519,Ed25519"
  })
  void requestsOfAnotherWriterAreUnderstood(String algorithm, String signature) throws Exception {
    KeyPair keys = keys(algorithm);
    SigningRequest read = SigningRequest.parse(pem(request(keys, signature)));
    assertEquals("node-1", read.commonName());
    assertEquals(List.of("system:nodes"), read.organizations());
    assertEquals(keys.getPublic(), read.key());
    assertEquals(NAMES, read.names());
  }

  @Test
  void weakSignaturesAreRefused() throws Exception {
    byte[] weak = request(keys("RSA"), "SHA1withRSA");
    assertThrows(GeneralSecurityException.class, () -> SigningRequest.parse(pem(weak)));
  }

  @Test
  void anotherReaderUnderstandsOurRequests() throws Exception {
    KeyPair keys = keys("EC");
    String ours = SigningRequest.create(keys, "node-1", List.of("system:nodes"), NAMES);
    PKCS10CertificationRequest read =
        new PKCS10CertificationRequest(Pem.decode(ours, "CERTIFICATE REQUEST").getFirst());
    assertTrue(
        read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(keys.getPublic())));
    assertEquals(
        generalNames(),
        GeneralNames.fromExtensions(
            read.getRequestedExtensions(), Extension.subjectAlternativeName));
    PKCS10CertificationRequest bare =
        new PKCS10CertificationRequest(
            Pem.decode(
                    SigningRequest.create(keys, "node-1", List.of(), Names.NONE),
                    "CERTIFICATE REQUEST")
                .getFirst());
    assertEquals(0, bare.getAttributes().length);
  }

  @Test
  void damagedRequestsNeverPassAndNeverEndInAnotherError() throws Exception {
    byte[] good = request(keys("EC"), "SHA256withECDSA");
    for (int at = 0; at < good.length; at++) {
      for (int change : new int[] {0x01, 0x80, 0xff}) {
        byte[] damaged = good.clone();
        damaged[at] ^= (byte) change;
        assertThrows(GeneralSecurityException.class, () -> SigningRequest.parse(pem(damaged)));
      }
      byte[] cut = java.util.Arrays.copyOf(good, at);
      assertThrows(GeneralSecurityException.class, () -> SigningRequest.parse(pem(cut)));
    }
    byte[] more = java.util.Arrays.copyOf(good, good.length + 1);
    assertThrows(GeneralSecurityException.class, () -> SigningRequest.parse(pem(more)));
  }

  @Test
  void theIssuersKeyIsNamedAsTheIssuerNamesIt() throws Exception {
    KeyPair keys = keys("EC");
    byte[] own = {1, 2, 3, 4};
    byte[] name = new X500Principal("CN=another").getEncoded();
    CertificateEncoding.Party self =
        new CertificateEncoding.Party(name, keys.getPublic(), keys.getPrivate());
    Instant now = Instant.now();
    X509Certificate foreign =
        CertificateEncoding.certificate(
            java.math.BigInteger.ONE,
            Der.sequence(Der.time(now), Der.time(now.plus(Duration.ofDays(1)))),
            self,
            self,
            List.of(
                CertificateEncoding.extension(
                    CertificateEncoding.SUBJECT_KEY, false, Der.of(Der.OCTETS, own))));
    X509Certificate issued =
        new Authority(foreign, keys.getPrivate(), InstantSource.system())
            .issue(
                keys.getPublic(),
                new Certification(
                    Certification.subject("node-1", List.of()),
                    Set.of(Usage.CLIENT),
                    Names.NONE,
                    Duration.ofHours(1)));
    assertArrayEquals(
        own,
        org.bouncycastle.asn1.x509.AuthorityKeyIdentifier.fromExtensions(
                new JcaX509CertificateHolder(issued).getExtensions())
            .getKeyIdentifierOctets());
  }

  @Test
  void lengthsMustBeTheShortest() throws Exception {
    assertEquals(2, DerValue.only(new byte[] {4, 2, 0, 0}).content().length);
    for (byte[] longer : List.of(new byte[] {4, (byte) 0x81, 1, 0}, padded(200))) {
      assertThrows(GeneralSecurityException.class, () -> DerValue.only(longer));
    }
  }

  private static byte[] padded(int length) {
    byte[] value = new byte[4 + length];
    value[0] = 4;
    value[1] = (byte) 0x82;
    value[3] = (byte) length;
    return value;
  }

  @Test
  void alternativeNamesOutsideAsciiAreRefused() throws Exception {
    byte[] good = request(keys("EC"), "SHA256withECDSA");
    KeyPair keys = keys("EC");
    List<DerValue> parts = DerValue.only(good).parts(Der.SEQUENCE, 3).getFirst().parts();
    for (byte first : new byte[] {'n', (byte) 0xe9}) {
      byte[] names = Der.sequence(Der.of(CertificateEncoding.DNS, new byte[] {first, 'a'}));
      byte[] extensions =
          Der.sequence(
              CertificateEncoding.extension(CertificateEncoding.ALTERNATIVE_NAMES, false, names));
      byte[] attribute =
          Der.sequence(Der.identifier("1.2.840.113549.1.9.14"), Der.of(Der.SET, extensions));
      byte[] content =
          Der.sequence(
              parts.get(0).encoded(),
              parts.get(1).encoded(),
              keys.getPublic().getEncoded(),
              Der.of(0xa0, attribute));
      String request = pem(CertificateEncoding.signed(content, keys.getPrivate()));
      if (first == 'n') {
        assertEquals(List.of("na"), SigningRequest.parse(request).names().dns());
      } else {
        assertThrows(GeneralSecurityException.class, () -> SigningRequest.parse(request));
      }
    }
  }

  private static byte[] request(KeyPair keys, String signature) throws Exception {
    Extensions wanted =
        new Extensions(
            new Extension[] {
              new Extension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature).getEncoded()),
              new Extension(Extension.subjectAlternativeName, false, generalNames().getEncoded())
            });
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Principal("CN=node-1, O=system:nodes"), keys.getPublic())
        .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword, DERNull.INSTANCE)
        .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wanted)
        .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
        .getEncoded();
  }

  @Test
  void signaturesWithParametersAreUnderstood() throws Exception {
    KeyPair keys = keys("RSA");
    byte[] content =
        DerValue.only(request(keys, "SHA256withRSA")).parts(Der.SEQUENCE, 3).getFirst().encoded();
    PSSParameterSpec wanted =
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
    parameters.init(wanted);
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(wanted);
    signature.initSign(keys.getPrivate());
    signature.update(content);
    byte[] request =
        Der.sequence(
            content,
            Der.sequence(Der.identifier("1.2.840.113549.1.1.10"), parameters.getEncoded()),
            Der.bits(signature.sign()));
    assertEquals(keys.getPublic(), SigningRequest.parse(pem(request)).key());
  }

  @Test
  void theNamedFormOfAKeyIsReadByOthers() throws Exception {
    KeyPair keys = keys("EC");
    Authority authority = Authority.selfSigned("me", keys, InstantSource.system());
    String pem = new Identity(List.of(authority.certificate()), keys.getPrivate()).namedKeyPem();
    var read =
        org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(
            Pem.decode(pem, "EC PRIVATE KEY").getFirst());
    assertEquals(((java.security.interfaces.ECPrivateKey) keys.getPrivate()).getS(), read.getKey());
    assertEquals(
        org.bouncycastle.asn1.x9.X9ObjectIdentifiers.prime256v1, read.getParametersObject());
    assertArrayEquals(
        DerValue.only(keys.getPublic().getEncoded()).parts().get(1).bits(),
        read.getPublicKey().getOctets());
  }

  private static GeneralNames generalNames() {
    return new GeneralNames(
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, "node-1"),
          new GeneralName(GeneralName.dNSName, "kubernetes.default.svc"),
          new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
          new GeneralName(GeneralName.iPAddress, "2001:db8::1"),
          new GeneralName(GeneralName.rfc822Name, "someone@example.org"),
          new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://example.org/node")
        });
  }

  private static String pem(byte[] request) {
    return Pem.encode("CERTIFICATE REQUEST", request);
  }

  private static KeyPair keys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (algorithm) {
      case "RSA" -> generator.initialize(2048);
      case "EC" -> generator.initialize(256);
      default -> {}
    }
    return generator.generateKeyPair();
  }
}
