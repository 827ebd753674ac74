package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.AttachedContent;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Descriptor;
import java.io.IOException;
import java.util.List;

/**
 * What stands beside an image in its registry under a tag made of the image's digest, as cosign
 * keeps signatures and attestations.
 */
public final class RegistryAttachments {
  private RegistryAttachments() {}

  /**
   * The contents under the tag {@code sha256-HEX.SUFFIX}; none if there is no such tag.
   *
   * @param digest of the image, {@code sha256:HEX}
   * @param suffix {@code sig} or {@code att}
   * @throws RegistryFailure if no address of the registry can be reached or believed
   */
  public static List<AttachedContent> of(
      Reference reference,
      String digest,
      String suffix,
      RegistryConfiguration configuration,
      Bounds bounds)
      throws IOException {
    Endpoint.Name name = Endpoint.Name.of(reference);
    List<Endpoint> endpoints = Endpoint.of(name.host(), configuration);
    String tag = digest.replace(':', '-') + "." + suffix;
    for (Endpoint endpoint : endpoints) {
      boolean last = endpoint == endpoints.getLast();
      try (Repository repository =
          new Repository(endpoint, name.repository(), configuration, bounds.documentBytes())) {
        Descriptor manifest = repository.resolve(tag, Descriptor::digestOf);
        return AttachedContent.read(manifest, repository, bounds);
      } catch (RegistryFailure failed) {
        boolean absent = failed.reason() == RegistryFailure.Reason.NOT_FOUND;
        if (last && absent) {
          return List.of();
        }
        if (last || (!absent && failed.reason() != RegistryFailure.Reason.UNREACHABLE)) {
          throw failed;
        }
      }
    }
    return List.of();
  }
}
