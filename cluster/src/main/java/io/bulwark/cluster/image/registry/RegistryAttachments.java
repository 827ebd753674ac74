package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.AttachedContent;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Descriptor;
import io.bulwark.cluster.image.layer.Referrers;
import java.io.IOException;
import java.util.List;

/**
 * What stands beside an image in its registry: under a tag made of the image's digest, as cosign
 * has long kept signatures and attestations, or as a manifest that refers to the image.
 */
public final class RegistryAttachments {
  private RegistryAttachments() {}

  private interface Reading {
    List<AttachedContent> from(Repository repository) throws IOException;
  }

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
    String tag = digest.replace(':', '-') + "." + suffix;
    return read(
        reference,
        configuration,
        bounds,
        repository -> {
          Descriptor manifest = repository.resolve(tag, Descriptor::digestOf);
          return AttachedContent.read(manifest, repository, bounds);
        });
  }

  /**
   * The contents of the manifests that refer to the image. Registries that do not list them keep
   * the list under the tag {@code sha256-HEX}.
   *
   * @param digest of the image, {@code sha256:HEX}
   * @param type what the artifact type begins with
   * @throws RegistryFailure if no address of the registry can be reached or believed
   */
  public static List<AttachedContent> referring(
      Reference reference,
      String digest,
      String type,
      RegistryConfiguration configuration,
      Bounds bounds)
      throws IOException {
    return read(
        reference,
        configuration,
        bounds,
        repository ->
            Referrers.read(referrers(repository, digest), digest, type, repository, bounds));
  }

  private static byte[] referrers(Repository repository, String digest) throws IOException {
    try {
      return repository.referrers(digest);
    } catch (RegistryFailure unable) {
      boolean unsupported =
          unable.reason() == RegistryFailure.Reason.NOT_FOUND
              || unable.reason() == RegistryFailure.Reason.REFUSED;
      if (!unsupported) {
        throw unable;
      }
      return repository.tagged(digest.replace(':', '-'));
    }
  }

  private static List<AttachedContent> read(
      Reference reference, RegistryConfiguration configuration, Bounds bounds, Reading reading)
      throws IOException {
    Endpoint.Name name = Endpoint.Name.of(reference);
    List<Endpoint> endpoints = Endpoint.of(name.host(), configuration);
    for (Endpoint endpoint : endpoints) {
      boolean last = endpoint == endpoints.getLast();
      try (Repository repository =
          new Repository(endpoint, name.repository(), configuration, bounds.documentBytes())) {
        return reading.from(repository);
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
