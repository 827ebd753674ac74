package io.bulwark.cluster.image.inspect;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.assembly.InventoryReader;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.signature.Cosign;
import io.bulwark.cluster.image.signature.SignatureRefused;
import io.bulwark.cluster.image.signature.SignedPayload;
import io.bulwark.cluster.image.vulnerability.Finding;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds, reads and judges images with the vulnerability data of a directory. */
public final class Inspector implements ImageInspector {
  private final ImageFinder finder;
  private final Supplier<InventoryReader> readers;
  private final LiveDatabase data;
  private final Cosign cosign;

  /**
   * @param readers asked when an image is read, so that a start does not load every cataloger
   */
  public Inspector(
      ImageFinder finder, Supplier<InventoryReader> readers, LiveDatabase data, Cosign cosign) {
    this.finder = finder;
    this.readers = readers;
    this.data = data;
    this.cosign = cosign;
  }

  @Override
  public Inspection inspect(
      String reference,
      List<Tree> pullSecrets,
      List<PolicyRules.Signature> signatures,
      @Nullable String index)
      throws IOException {
    ImageSource found = finder.find(reference, pullSecrets);
    AtomicReference<@Nullable Instant> created = new AtomicReference<>();
    AtomicReference<@Nullable String> root = new AtomicReference<>();
    AtomicReference<String> architecture = new AtomicReference<>("");
    Inventory inventory =
        readers
            .get()
            .read(
                () -> {
                  Image image = found.open();
                  created.set(image.created());
                  root.set(image.root());
                  architecture.set(image.architecture());
                  return image;
                });
    String version = data.version();
    List<Finding> findings = judge(inventory);
    String digest = inventory.digest();
    String above = digest == null || digest.equals(root.get()) ? null : root.get();
    String meant = above == null ? "" : Objects.requireNonNullElse(architecture.get(), "");
    Set<String> verified = new HashSet<>();
    List<String> unverified = new ArrayList<>();
    if (digest != null && !signatures.isEmpty()) {
      if (above == null) {
        above = index(reference, digest, index, pullSecrets);
      }
      List<String> digests = above == null ? List.of(digest) : List.of(digest, above);
      verify(reference, digests, pullSecrets, signatures, verified, unverified);
    }
    return new Inspection(
        inventory, above, meant, created.get(), findings, version, verified, unverified);
  }

  /**
   * The index that holds an image which is asked for by its own digest: one that is known from
   * before, else the one that the tag means now. Null if it holds that image no longer.
   */
  private @Nullable String index(
      String reference, String digest, @Nullable String known, List<Tree> pullSecrets) {
    int at = reference.indexOf('@');
    String name = at < 0 ? reference : reference.substring(0, at);
    List<String> candidates = new ArrayList<>();
    if (known != null) {
      candidates.add(name + "@" + known);
    }
    if (at >= 0 && name.lastIndexOf(':') > name.lastIndexOf('/')) {
      candidates.add(name);
    }
    for (String candidate : candidates) {
      try (Image image = finder.find(candidate, pullSecrets).open()) {
        String root = image.root();
        if (digest.equals(image.digest()) && !digest.equals(root)) {
          return root;
        }
      } catch (IOException gone) {
        continue;
      }
    }
    return null;
  }

  private void verify(
      String reference,
      List<String> digests,
      List<Tree> pullSecrets,
      List<PolicyRules.Signature> signatures,
      Set<String> verified,
      List<String> unverified)
      throws IOException {
    Map<String, List<SignedPayload>> fetched = new HashMap<>();
    for (PolicyRules.Signature wanted : signatures) {
      boolean attestation = !wanted.requirement().textOrEmpty("attestation").isEmpty();
      String why = "nothing is signed";
      for (String digest : digests) {
        String key = digest + attestation;
        if (!fetched.containsKey(key)) {
          fetched.put(key, finder.signed(reference, digest, attestation, pullSecrets));
        }
        for (SignedPayload signed : fetched.getOrDefault(key, List.of())) {
          try {
            cosign.verify(wanted.requirement(), digest, signed);
            verified.add(wanted.fingerprint());
          } catch (SignatureRefused refused) {
            why = String.valueOf(refused.getMessage());
          }
        }
      }
      if (!verified.contains(wanted.fingerprint())) {
        unverified.add(wanted.name() + ": " + why);
      }
    }
  }

  @Override
  public List<Finding> judge(Inventory inventory) {
    return data.findings(inventory);
  }

  @Override
  public String dataVersion() {
    return data.version();
  }
}
