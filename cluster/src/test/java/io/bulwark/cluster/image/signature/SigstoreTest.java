package io.bulwark.cluster.image.signature;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.tls.TimeStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles that Sigstore's public services signed: Fulcio, Rekor 1 and 2, time stamps. */
class SigstoreTest {
  private static final String IMAGE =
      "sha256:732112270d7e59418a8c080b134b24cabd67d250d0d0147a97ed95ba5c280aa4";
  private static final String FILE =
      "sha256:a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf";
  private static final String WORKFLOW = "https://github.com/sigstore-conformance/**";
  private static final String GITHUB = "https://token.actions.githubusercontent.com";

  /** Long after all certificates ended. */
  private final Cosign cosign =
      new Cosign(InstantSource.fixed(Instant.parse("2027-01-01T00:00:00Z")));

  private static String text(String name) throws IOException {
    try (InputStream in = SigstoreTest.class.getResourceAsStream("sigstore-" + name + ".json")) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Tree root(boolean staging) throws IOException {
    return Json.read(text(staging ? "staging-root" : "root").getBytes(StandardCharsets.UTF_8));
  }

  private static String pem(String type, List<String> blocks) {
    StringBuilder pem = new StringBuilder();
    for (String block : blocks) {
      pem.append("-----BEGIN " + type + "-----\n" + block + "\n-----END " + type + "-----\n");
    }
    return pem.toString();
  }

  private static String certificates(Tree root, String kind) {
    List<String> all = new ArrayList<>();
    for (Tree authority : root.trees(kind)) {
      for (Tree one : authority.treeOrEmpty("certChain").trees("certificates")) {
        all.add(one.textOrEmpty("rawBytes"));
      }
    }
    return pem("CERTIFICATE", all);
  }

  private static String logs(Tree root) {
    return pem(
        "PUBLIC KEY",
        root.trees("tlogs").stream().map(log -> log.textOrEmpty("publicKey", "rawBytes")).toList());
  }

  private static Tree wanted(boolean staging, String subject, String issuer) throws IOException {
    Tree root = root(staging);
    return Tree.of(
        "name",
        "release",
        "certificate",
        Tree.of(
            "authority",
            certificates(root, "certificateAuthorities"),
            "subject",
            subject,
            "issuer",
            issuer,
            "transparencyLog",
            logs(root)));
  }

  private static Tree attestation() throws IOException {
    return wanted(false, "cody@soyland.com", "https://github.com/login/oauth")
        .set("custom", "attestation");
  }

  private static Tree stamped() throws IOException {
    return wanted(true, WORKFLOW, GITHUB)
        .set(certificates(root(true), "timestampAuthorities"), "certificate", "timestampAuthority");
  }

  private void verify(Tree wanted, String digest, String bundle) throws SignatureRefused {
    cosign.verify(wanted, digest, SignedPayload.bundle(bundle.getBytes(StandardCharsets.UTF_8)));
  }

  private void refused(String why, Tree wanted, String digest, String bundle) {
    SignatureRefused refused =
        assertThrows(SignatureRefused.class, () -> verify(wanted, digest, bundle));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void anAttestationThatRekorLoggedHoldsForItsImageAndItsHolder() throws Exception {
    String bundle = text("attestation");
    assertDoesNotThrow(() -> verify(attestation(), IMAGE, bundle));
    refused("of another image", attestation(), FILE, bundle);
    refused(
        "not of someone",
        attestation().set("someone@else.org", "certificate", "subject"),
        IMAGE,
        bundle);
    refused(
        "identity provider is",
        attestation().set("https://accounts.example.com", "certificate", "issuer"),
        IMAGE,
        bundle);
    refused(
        "not trusted",
        attestation()
            .set(certificates(root(true), "certificateAuthorities"), "certificate", "authority"),
        IMAGE,
        bundle);
    refused(
        "did not sign its checkpoint",
        attestation().set(logs(root(true)), "certificate", "transparencyLog"),
        IMAGE,
        bundle);
    refused("not trusted", attestation().set("", "certificate", "transparencyLog"), IMAGE, bundle);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"integratedTime\": \"1740770291\" | \"integratedTime\": \"1740770292\" | did not sign its entry",
        "\"logIndex\": \"175508996\" | \"logIndex\": \"175508997\" | did not sign its entry",
        "\"signedEntryTimestamp\": \"MEUC | \"signedEntryTimestamp\": \"MEUD | did not sign its entry",
        "p7adBuLwiHyxFA7sjjx9 | q7adBuLwiHyxFA7sjjx9 | is of another entry",
        "\"logIndex\": \"53604734\" | \"logIndex\": \"53604732\" | as many hashes",
        "\"treeSize\": \"53604735\" | \"treeSize\": \"53604736\" | as many hashes",
        "\"treeSize\": \"53604735\" | \"treeSize\": \"3\" | no entry of its tree",
        "\\n53604735\\n | \\n53604736\\n | of another tree",
        "rekor.sigstore.dev - 119 | rekor.sigstore.dev - 118 | did not sign its checkpoint",
        "\\n\\n | \\n | checkpoint cannot be read",
      })
  void whatRekorSaysMustBeWhole(String from, String to, String why) throws Exception {
    String bundle =
        new String(
            Json.write(Json.read(text("attestation").getBytes(StandardCharsets.UTF_8))),
            StandardCharsets.UTF_8);
    String compact = from.replace("\": \"", "\":\"");
    assertTrue(bundle.contains(compact), compact);
    refused(why, attestation(), IMAGE, bundle.replace(compact, to.replace("\": \"", "\":\"")));
  }

  @Test
  void withoutItsPromiseOnlyATimeStampSaysWhenRekorSawIt() throws Exception {
    String bundle = changed("attestation", tree -> entry(tree).set(new Tree(), "inclusionPromise"));
    refused("does not say when", attestation(), IMAGE, bundle);
    String nothing =
        changed(
            "attestation",
            tree ->
                entry(tree).set(new Tree(), "inclusionPromise").set(new Tree(), "inclusionProof"));
    refused("did not sign its entry", attestation(), IMAGE, nothing);
  }

  private static Tree entry(Tree bundle) {
    return bundle.treeOrEmpty("verificationMaterial").trees("tlogEntries").getFirst();
  }

  private static String changed(String name, Consumer<Tree> change) throws IOException {
    Tree bundle = Json.read(text(name).getBytes(StandardCharsets.UTF_8));
    change.accept(bundle);
    return new String(Json.write(bundle), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rekor2-dsse", "rekor2-message"})
  void theSecondRekorNeedsATimeStamp(String name) throws Exception {
    String bundle = text(name);
    String type = name.endsWith("dsse") ? "slsaprovenance1" : "";
    Tree wanted = stamped().set(type, "attestation");
    assertDoesNotThrow(() -> verify(wanted, FILE, bundle));
    refused("of another image", wanted, IMAGE, bundle);
    Tree unstamped = wanted(true, WORKFLOW, GITHUB).set(type, "attestation");
    refused("does not say when", unstamped, FILE, bundle);
    Tree unlogged = stamped().set(type, "attestation").set("", "certificate", "transparencyLog");
    assertDoesNotThrow(() -> verify(unlogged, FILE, bundle));
    refused(
        "did not sign its checkpoint",
        stamped().set(type, "attestation").set(logs(root(false)), "certificate", "transparencyLog"),
        FILE,
        bundle);
    refused(
        name.endsWith("dsse") ? "certificate is not there" : "Path does not chain",
        stamped()
            .set(type, "attestation")
            .set(
                certificates(root(false), "timestampAuthorities"),
                "certificate",
                "timestampAuthority"),
        FILE,
        bundle);
  }

  /** Stamp, entry and certificate of another signature. */
  @Test
  void partsOfAnotherBundleDoNotCount() throws Exception {
    Tree other = Json.read(text("rekor2-message").getBytes(StandardCharsets.UTF_8));
    Tree wanted = stamped().set("slsaprovenance1", "attestation");
    refused(
        "it is of something else",
        wanted,
        FILE,
        changed(
            "rekor2-dsse",
            tree ->
                tree.set(
                    other.treeOrEmpty("verificationMaterial", "timestampVerificationData"),
                    "verificationMaterial",
                    "timestampVerificationData")));
    refused(
        "of another signature",
        wanted,
        FILE,
        changed(
            "rekor2-dsse",
            tree ->
                tree.set(
                    other.treeOrEmpty("verificationMaterial").get("tlogEntries"),
                    "verificationMaterial",
                    "tlogEntries")));
    refused(
        "of another signature",
        stamped(),
        FILE,
        changed(
            "rekor2-message",
            tree ->
                tree.set(
                    Json.read(bytes("rekor2-dsse"))
                        .treeOrEmpty("verificationMaterial", "certificate"),
                    "verificationMaterial",
                    "certificate")));
  }

  private static byte[] bytes(String name) {
    try {
      return text(name).getBytes(StandardCharsets.UTF_8);
    } catch (IOException missing) {
      throw new AssertionError(missing);
    }
  }

  private static byte[] stamp(Tree bundle) {
    return Base64.getDecoder()
        .decode(
            bundle
                .treeOrEmpty("verificationMaterial", "timestampVerificationData")
                .trees("rfc3161Timestamps")
                .getFirst()
                .textOrEmpty("signedTimestamp"));
  }

  @Test
  void aTimeStampIsOfItsContentByItsAuthorityAndWholeOrRefused() throws Exception {
    Tree bundle = Json.read(bytes("rekor2-dsse"));
    byte[] stamp = stamp(bundle);
    byte[] signature =
        Base64.getDecoder()
            .decode(
                bundle
                    .treeOrEmpty("dsseEnvelope")
                    .trees("signatures")
                    .getFirst()
                    .textOrEmpty("sig"));
    List<X509Certificate> authority =
        PublicKeys.certificates(certificates(root(true), "timestampAuthorities"));
    Instant then = Instant.parse("2025-07-25T19:53:04Z");
    assertEquals(then, TimeStamp.verify(stamp, signature, authority));
    assertEquals(then, TimeStamp.verify(stamp, signature, authority.subList(0, 1)));
    List<X509Certificate> others =
        PublicKeys.certificates(certificates(root(false), "timestampAuthorities"));
    assertThrows(GeneralSecurityException.class, () -> TimeStamp.verify(stamp, signature, others));
    assertThrows(
        GeneralSecurityException.class,
        () -> TimeStamp.verify(stamp, signature, authority.subList(1, 2)));
    assertThrows(
        GeneralSecurityException.class, () -> TimeStamp.verify(stamp, signature, List.of()));
    assertThrows(
        GeneralSecurityException.class, () -> TimeStamp.verify(stamp, new byte[71], authority));
    assertThrows(
        GeneralSecurityException.class,
        () -> TimeStamp.verify(Arrays.copyOf(stamp, stamp.length + 1), signature, authority));
    for (int length = 0; length < stamp.length; length++) {
      byte[] cut = Arrays.copyOf(stamp, length);
      assertThrows(
          GeneralSecurityException.class, () -> TimeStamp.verify(cut, signature, authority));
    }
  }

  /** Whatever is changed, a stamp says the time that was signed or nothing. */
  @Test
  void aChangedTimeStampNeverSaysAnotherTime() throws Exception {
    Tree bundle = Json.read(bytes("rekor2-message"));
    byte[] stamp = stamp(bundle);
    byte[] signature =
        Base64.getDecoder().decode(bundle.textOrEmpty("messageSignature", "signature"));
    List<X509Certificate> root =
        PublicKeys.certificates(certificates(root(true), "timestampAuthorities")).subList(1, 2);
    Instant then = Instant.parse("2025-06-12T12:02:20Z");
    assertEquals(then, TimeStamp.verify(stamp, signature, root));
    Random random = new Random(5);
    int refused = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] changed = stamp.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertEquals(then, TimeStamp.verify(changed, signature, root));
      } catch (GeneralSecurityException told) {
        refused++;
      }
    }
    assertTrue(refused > 1_900, refused + " refused");
  }
}
