package io.bulwark.cluster.image.signature;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.platform.Sha256;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CosignTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final String DIGEST = "sha256:" + "1f".repeat(32);

  private final Cosign cosign = new Cosign(InstantSource.fixed(NOW));

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aSignatureHoldsForItsImageAndItsKeyAlone(String algorithm) throws Exception {
    KeyPair pair = pair(algorithm);
    byte[] claim = claim(DIGEST);
    SignedPayload signed = signed(claim, sign(pair.getPrivate(), claim));
    assertDoesNotThrow(() -> cosign.verify(byKey(pair), DIGEST, signed));
    refused("not by the wanted key", byKey(pair(algorithm)), DIGEST, signed);
    refused("of another image", byKey(pair), "sha256:" + "00".repeat(32), signed);
    byte[] changed = claim.clone();
    changed[claim.length - 3] ^= 1;
    refused("not by the wanted key", byKey(pair), DIGEST, signed(changed, signed.signature()));
    refused("not base64", byKey(pair), DIGEST, signed(claim, "%%%"));
  }

  @Test
  void anAttestationIsOfTheTypeAndTheImageThatItNames() throws Exception {
    KeyPair pair = pair("EC");
    SignedPayload signed = attestation(pair.getPrivate(), DIGEST, "https://slsa.dev/provenance/v1");
    Tree wanted = byKey(pair).set("https://slsa.dev/provenance/v1", "attestation");
    assertDoesNotThrow(() -> cosign.verify(wanted, DIGEST, signed));
    refused("of another image", wanted, "sha256:" + "00".repeat(32), signed);
    refused(
        "is of https://slsa.dev/provenance/v1",
        byKey(pair).set("https://spdx.dev/Document", "attestation"),
        DIGEST,
        signed);
    refused(
        "not signed by the wanted key",
        byKey(pair("EC")).set("https://slsa.dev/provenance/v1", "attestation"),
        DIGEST,
        signed);
  }

  @Test
  void aCertificateMustBeOfTheHolderAndFromTheAuthority() throws Exception {
    Authority authority = new Authority();
    KeyPair pair = pair("EC");
    String certificate =
        authority.issue(pair, "builder@example.com", NOW, Duration.ofDays(1), true);
    byte[] claim = claim(DIGEST);
    SignedPayload signed =
        new SignedPayload(claim, sign(pair.getPrivate(), claim), certificate, null, null);
    assertDoesNotThrow(
        () -> cosign.verify(byHolder(authority.pem(), "*@example.com"), DIGEST, signed));
    refused(
        "not of someone@else.org", byHolder(authority.pem(), "someone@else.org"), DIGEST, signed);
    refused("not trusted", byHolder(new Authority().pem(), "*@example.com"), DIGEST, signed);
    String stale =
        authority.issue(
            pair, "builder@example.com", NOW.minus(Duration.ofDays(9)), Duration.ofDays(1), true);
    refused(
        "not trusted",
        byHolder(authority.pem(), "*@example.com"),
        DIGEST,
        new SignedPayload(claim, signed.signature(), stale, null, null));
    String forServers =
        authority.issue(pair, "builder@example.com", NOW, Duration.ofDays(1), false);
    refused(
        "not for signing code",
        byHolder(authority.pem(), "*@example.com"),
        DIGEST,
        new SignedPayload(claim, signed.signature(), forServers, null, null));
  }

  @Test
  void theLogVouchesForWhenAShortLivedCertificateSigned() throws Exception {
    Authority authority = new Authority();
    KeyPair pair = pair("EC");
    KeyPair log = pair("EC");
    Instant then = NOW.minus(Duration.ofDays(30));
    String certificate =
        authority.issue(pair, "builder@example.com", then, Duration.ofMinutes(10), true);
    byte[] claim = claim(DIGEST);
    String signature = sign(pair.getPrivate(), claim);
    Tree wanted =
        byHolder(authority.pem(), "*@example.com")
            .set(pem(log.getPublic()), "certificate", "transparencyLog");
    String entry = entry(log.getPrivate(), claim, signature, then.plusSeconds(60));
    SignedPayload signed = new SignedPayload(claim, signature, certificate, null, entry);
    assertDoesNotThrow(() -> cosign.verify(wanted, DIGEST, signed));
    refused("in no transparency log", wanted, DIGEST, with(signed, null));
    refused(
        "did not sign its entry",
        wanted,
        DIGEST,
        with(signed, entry(pair.getPrivate(), claim, signature, then.plusSeconds(60))));
    refused(
        "of another signature",
        wanted,
        DIGEST,
        with(signed, entry(log.getPrivate(), claim("x"), signature, then.plusSeconds(60))));
    refused(
        "not trusted",
        wanted,
        DIGEST,
        with(signed, entry(log.getPrivate(), claim, signature, then.plusSeconds(86_400))));
  }

  private void refused(String why, Tree wanted, String digest, SignedPayload signed) {
    SignatureRefused refused =
        assertThrows(SignatureRefused.class, () -> cosign.verify(wanted, digest, signed));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    KeyPair pair = pair("EC");
    byte[] noise = "{\"critical\":".getBytes(StandardCharsets.UTF_8);
    refused("not JSON", byKey(pair), DIGEST, signed(noise, sign(pair.getPrivate(), noise)));
  }

  private static SignedPayload with(SignedPayload signed, @Nullable String entry) {
    return new SignedPayload(
        signed.content(), signed.signature(), signed.certificate(), signed.chain(), entry);
  }

  private static SignedPayload signed(byte[] content, String signature) {
    return new SignedPayload(content, signature, null, null, null);
  }

  private static byte[] claim(String digest) {
    return Json.write(
        Tree.of(
            "critical",
            Tree.of(
                "identity", Tree.of("docker-reference", "registry.example.com/web"),
                "image", Tree.of("docker-manifest-digest", digest),
                "type", "cosign container image signature"),
            "optional",
            new Tree()));
  }

  private static SignedPayload attestation(PrivateKey key, String digest, String type)
      throws Exception {
    byte[] statement =
        Json.write(
            Tree.of(
                "_type",
                "https://in-toto.io/Statement/v1",
                "predicateType",
                type,
                "subject",
                TreeList.of(
                    Tree.of(
                        "name",
                        "web",
                        "digest",
                        Tree.of("sha256", digest.substring("sha256:".length()))))));
    String payloadType = "application/vnd.in-toto+json";
    byte[] covered =
        ("DSSEv1 28 " + payloadType + " " + statement.length + " " + text(statement))
            .getBytes(StandardCharsets.UTF_8);
    byte[] envelope =
        Json.write(
            Tree.of(
                "payloadType", payloadType,
                "payload", Base64.getEncoder().encodeToString(statement),
                "signatures", TreeList.of(Tree.of("sig", sign(key, covered)))));
    return signed(envelope, "");
  }

  private static String entry(PrivateKey log, byte[] claim, String signature, Instant seen)
      throws Exception {
    byte[] body =
        Json.write(
            Tree.of(
                "kind",
                "hashedrekord",
                "spec",
                Tree.of(
                    "data",
                    Tree.of("hash", Tree.of("algorithm", "sha256", "value", Sha256.hex(claim))),
                    "signature",
                    Tree.of("content", signature))));
    Tree payload =
        Tree.of(
            "body",
            Base64.getEncoder().encodeToString(body),
            "integratedTime",
            seen.getEpochSecond(),
            "logID",
            "c0d2",
            "logIndex",
            7L);
    return text(
        Json.write(
            Tree.of("Payload", payload, "SignedEntryTimestamp", sign(log, Json.write(payload)))));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Tree byKey(KeyPair pair) throws Exception {
    return Tree.of("name", "release", "key", pem(pair.getPublic()));
  }

  private static Tree byHolder(String authority, String subject) {
    return Tree.of(
        "name", "release", "certificate", Tree.of("authority", authority, "subject", subject));
  }

  private static KeyPair pair(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(256);
    }
    return generator.generateKeyPair();
  }

  private static String sign(PrivateKey key, byte[] content) throws Exception {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(content);
    return Base64.getEncoder().encodeToString(signature.sign());
  }

  private static String pem(Object object) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** A certificate authority of the test. */
  private static final class Authority {
    private static final X500Principal NAME = new X500Principal("CN=authority");
    private final KeyPair keys = pair("EC");
    private final Object certificate;

    Authority() throws Exception {
      certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          NAME,
                          BigInteger.ONE,
                          Date.from(NOW.minus(Duration.ofDays(999))),
                          Date.from(NOW.plus(Duration.ofDays(999))),
                          NAME,
                          keys.getPublic())
                      .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                      .build(
                          new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    String pem() throws Exception {
      return CosignTest.pem(certificate);
    }

    String issue(KeyPair holder, String mail, Instant from, Duration life, boolean code)
        throws Exception {
      return CosignTest.pem(
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          NAME,
                          BigInteger.TWO,
                          Date.from(from),
                          Date.from(from.plus(life)),
                          new X500Principal("CN=leaf"),
                          holder.getPublic())
                      .addExtension(
                          Extension.extendedKeyUsage,
                          false,
                          new ExtendedKeyUsage(
                              code
                                  ? KeyPurposeId.id_kp_codeSigning
                                  : KeyPurposeId.id_kp_serverAuth))
                      .addExtension(
                          Extension.subjectAlternativeName,
                          false,
                          new GeneralNames(new GeneralName(GeneralName.rfc822Name, mail)))
                      .build(
                          new JcaContentSignerBuilder("SHA256withECDSA")
                              .build(keys.getPrivate()))));
    }
  }
}
