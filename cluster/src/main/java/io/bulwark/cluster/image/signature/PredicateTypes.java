package io.bulwark.cluster.image.signature;

import java.util.Map;

/**
 * The short names that cosign has for types of attestations.
 *
 * <p>Source: cosign attest, {@code --type}.
 */
final class PredicateTypes {
  /** What a bundle's envelope says where it signs the image itself. */
  static final String SIGNATURE = "https://sigstore.dev/cosign/sign/v1";

  private static final Map<String, String> NAMES =
      Map.of(
          "", SIGNATURE,
          "custom", "https://cosign.sigstore.dev/attestation/v1",
          "cyclonedx", "https://cyclonedx.org/bom",
          "link", "https://in-toto.io/Link/v1",
          "openvex", "https://openvex.dev/ns",
          "slsaprovenance", "https://slsa.dev/provenance/v0.2",
          "slsaprovenance1", "https://slsa.dev/provenance/v1",
          "spdx", "https://spdx.dev/Document",
          "spdxjson", "https://spdx.dev/Document",
          "vuln", "https://cosign.sigstore.dev/attestation/vuln/v1");

  private PredicateTypes() {}

  /** The type of a short name; a type itself stays as it is. */
  static String named(String name) {
    return NAMES.getOrDefault(name, name);
  }
}
