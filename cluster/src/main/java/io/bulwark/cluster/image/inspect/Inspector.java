package io.bulwark.cluster.image.inspect;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.assembly.InventoryReader;
import io.bulwark.cluster.image.layer.Image;
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
      String reference, List<Tree> pullSecrets, List<PolicyRules.Signature> signatures)
      throws IOException {
    ImageFinder.Found found = finder.find(reference, pullSecrets);
    AtomicReference<@Nullable Instant> created = new AtomicReference<>();
    Inventory inventory =
        readers
            .get()
            .read(
                () -> {
                  Image image = found.source().open();
                  created.set(image.created());
                  return image;
                });
    String version = data.version();
    List<Finding> findings = judge(inventory);
    Set<String> verified = new HashSet<>();
    List<String> unverified = new ArrayList<>();
    String digest = inventory.digest();
    if (digest != null && !signatures.isEmpty()) {
      verify(reference, digest, pullSecrets, signatures, verified, unverified);
    }
    return new Inspection(
        inventory, found.remote(), created.get(), findings, version, verified, unverified);
  }

  private void verify(
      String reference,
      String digest,
      List<Tree> pullSecrets,
      List<PolicyRules.Signature> signatures,
      Set<String> verified,
      List<String> unverified)
      throws IOException {
    Map<Boolean, List<SignedPayload>> fetched = new HashMap<>();
    for (PolicyRules.Signature wanted : signatures) {
      boolean attestation = !wanted.requirement().textOrEmpty("attestation").isEmpty();
      if (!fetched.containsKey(attestation)) {
        fetched.put(attestation, finder.signed(reference, digest, attestation, pullSecrets));
      }
      String why = "nothing is signed";
      for (SignedPayload signed : fetched.getOrDefault(attestation, List.of())) {
        try {
          cosign.verify(wanted.requirement(), digest, signed);
          verified.add(wanted.fingerprint());
        } catch (SignatureRefused refused) {
          why = String.valueOf(refused.getMessage());
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
