package io.bulwark.cluster.image.signature;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real cosign wrote, and the same tampered with. */
class CosignFilesTest {
  private static final Instant THEN = Instant.parse("2030-01-01T00:00:00Z");
  private static final String VULN = "https://cosign.sigstore.dev/attestation/vuln/v1";

  private final Cosign cosign = new Cosign(InstantSource.fixed(THEN));

  @ParameterizedTest
  @ValueSource(strings = {"claim-by-key", "bundle-by-key", "bundle-of-manifest"})
  void aSignatureByKeyHoldsForItsImageAndItsKeyAlone(String file) throws Exception {
    SignedPayload signed = signed(file, text -> text);
    assertDoesNotThrow(() -> cosign.verify(byKey(""), digest(), signed));
    refused("wanted key", byForeignKey(), digest(), signed);
    refused("of another image", byKey(""), "sha256:" + "00".repeat(32), signed);
    refused("no certificate", byHolder("builder@example.com"), digest(), signed);
    refused("", byKey("vuln"), digest(), signed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim-by-holder", "bundle-by-holder"})
  void aSignatureByCertificateIsOfItsHolder(String file) throws Exception {
    SignedPayload signed = signed(file, text -> text);
    Tree wanted = byHolder("builder@example.com");
    assertDoesNotThrow(() -> cosign.verify(wanted, digest(), signed));
    refused("not of", byHolder("someone@example.org"), digest(), signed);
    refused("of another image", wanted, "sha256:" + "00".repeat(32), signed);
    refused("wanted key", byForeignKey(), digest(), signed);
    refused(
        "in no transparency log",
        wanted.copy().set(read("key.pem"), "certificate", "transparencyLog"),
        digest(),
        signed);
    SignatureRefused late =
        assertThrows(
            SignatureRefused.class,
            () ->
                new Cosign(InstantSource.fixed(Instant.parse("2126-01-01T00:00:00Z")))
                    .verify(wanted, digest(), signed));
    assertTrue(String.valueOf(late.getMessage()).contains("not trusted"), late.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "attestation-vuln, vuln",
    "attestation-spdx, spdxjson",
    "bundle-vuln, vuln",
    "bundle-vuln, " + VULN,
    "bundle-custom, custom"
  })
  void anAttestationIsOfItsType(String file, String type) throws Exception {
    SignedPayload signed = signed(file, text -> text);
    assertDoesNotThrow(() -> cosign.verify(byKey(type), digest(), signed));
    refused("the attestation is of", byKey("openvex"), digest(), signed);
    refused("the attestation is of", byKey(""), digest(), signed);
    refused("of another image", byKey(type), "sha256:" + "00".repeat(32), signed);
  }

  @Test
  void anAttestationByCertificateIsOfItsHolder() throws Exception {
    SignedPayload signed = signed("attestation-custom-by-holder", text -> text);
    Tree wanted = byHolder("builder@example.com").set("custom", "attestation");
    assertDoesNotThrow(() -> cosign.verify(wanted, digest(), signed));
    refused("not of", byHolder("other@example.com").set("custom", "attestation"), digest(), signed);
  }

  @Test
  void aBundleOfAnotherImageSaysNothingOfThisOne() throws Exception {
    refused(
        "of another image", byKey(""), digest(), signed("bundle-of-another-image", text -> text));
  }

  @Test
  void whatIsTamperedWithDoesNotHold() throws Exception {
    String vuln = read("bundle-vuln.json");
    String other = payload(read("bundle-custom.json"));
    refused(
        "not signed by the wanted key",
        byKey("custom"),
        digest(),
        bundle(vuln.replace(payload(vuln), other)));
    refused(
        "not signed by the wanted key",
        byKey("vuln"),
        digest(),
        bundle(vuln.replace("application/vnd.in-toto+json", "text/plain")));
    refused("no known form", byKey("vuln"), digest(), bundle(vuln.replace("sigstore", "other")));
    refused(
        "not signed by the wanted key",
        byKey("vuln"),
        digest(),
        bundle(vuln.replaceAll("\\{\"sig\":\"[^\"]*\"\\}", "")));
    refused(
        "no signature, or more than one",
        byKey("vuln"),
        digest(),
        bundle(vuln.replace("dsseEnvelope", "somethingElse")));
    refused(
        "of another image",
        byKey(""),
        digest(),
        signed("claim-by-key", text -> text.replace(digest(), "sha256:" + "00".repeat(32))));
    String direct = read("bundle-of-manifest.json");
    String zeros = Base64.getEncoder().encodeToString(new byte[32]);
    refused(
        "wanted key",
        byKey(""),
        "sha256:" + "00".repeat(32),
        bundle(direct.replaceAll("\"digest\":\"[^\"]*\"", "\"digest\":\"" + zeros + "\"")));
    refused("no SHA-256", byKey(""), digest(), bundle(direct.replace("SHA2_256", "SHA2_512")));
  }

  @Test
  void onePayloadIsNotTakenForAnother() throws Exception {
    SignedPayload claim = signed("claim-by-key", text -> text);
    refused("no attestation", byKey("vuln"), digest(), claim);
    String envelope = Json.text(Json.read(bytes(read("bundle-by-key.json"))).tree("dsseEnvelope"));
    refused(
        "the attestation is of https://sigstore.dev/cosign/sign/v1",
        byKey("vuln"),
        digest(),
        new SignedPayload(bytes(envelope), "", null, null, null));
    refused(
        "wanted key",
        byKey(""),
        digest(),
        new SignedPayload(bytes(envelope), signature("claim-by-key"), null, null, null));
  }

  private void refused(String why, Tree wanted, String digest, SignedPayload signed) {
    SignatureRefused refused =
        assertThrows(SignatureRefused.class, () -> cosign.verify(wanted, digest, signed));
    String message = String.valueOf(refused.getMessage());
    boolean right =
        message.contains(why) || (why.equals("of another image") && message.contains("wanted key"));
    assertTrue(right, message);
  }

  private static SignedPayload signed(String file, UnaryOperator<String> change)
      throws IOException, URISyntaxException {
    String text = read(file + ".json");
    if (file.startsWith("bundle")) {
      return bundle(change.apply(text));
    }
    Tree layer = Json.read(bytes(text));
    Tree notes = layer.treeOrEmpty("annotations");
    return new SignedPayload(
        bytes(change.apply(layer.textOrEmpty("content"))),
        notes.textOrEmpty("dev.cosignproject.cosign/signature"),
        notes.text("dev.sigstore.cosign/certificate"),
        notes.text("dev.sigstore.cosign/chain"),
        notes.text("dev.sigstore.cosign/bundle"));
  }

  private static SignedPayload bundle(String text) {
    return SignedPayload.bundle(bytes(text));
  }

  private static String payload(String bundle) {
    return Json.read(bytes(bundle)).textOrEmpty("dsseEnvelope", "payload");
  }

  private static String signature(String file) throws IOException, URISyntaxException {
    return Json.read(bytes(read(file + ".json")))
        .treeOrEmpty("annotations")
        .textOrEmpty("dev.cosignproject.cosign/signature");
  }

  private static String digest() {
    try {
      return read("digest.txt").strip();
    } catch (IOException | URISyntaxException missing) {
      throw new AssertionError(missing);
    }
  }

  private static Tree byKey(String attestation) throws IOException, URISyntaxException {
    Tree wanted = Tree.of("name", "release", "key", read("key.pem"));
    return attestation.isEmpty() ? wanted : wanted.set(attestation, "attestation");
  }

  private static Tree byForeignKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    String encoded =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
    return Tree.of("name", "release", "key", pem);
  }

  private static Tree byHolder(String subject) throws IOException, URISyntaxException {
    return Tree.of(
        "name",
        "release",
        "certificate",
        Tree.of("authority", read("authority.pem"), "subject", subject));
  }

  private static String read(String file) throws IOException, URISyntaxException {
    String given = System.getProperty("bulwark.cosign.files");
    Path directory =
        given == null
            ? Path.of(
                    java.util.Objects.requireNonNull(CosignFilesTest.class.getResource("key.pem"))
                        .toURI())
                .resolveSibling("")
            : Path.of(given);
    return Files.readString(directory.resolve(file));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
