package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.layer.Bounds;
import io.bulwark.cluster.image.layer.Descriptor;
import io.bulwark.cluster.image.layer.Image;
import io.bulwark.cluster.image.layer.ImageSource;
import io.bulwark.cluster.image.layer.ManifestImage;
import io.bulwark.cluster.image.layer.Platform;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images in registries. Nothing is believed that TLS and a digest do not vouch for. */
public final class RegistryImage {
  private RegistryImage() {}

  /**
   * A source that asks the mirrors of the image's registry, then the registry itself. A mirror that
   * cannot be reached or does not have the image is passed over; any other failure ends the search.
   *
   * @param platform null for this machine's, or the only one there is
   */
  public static ImageSource at(
      Reference reference,
      RegistryConfiguration configuration,
      @Nullable Platform platform,
      Bounds bounds) {
    return () -> {
      Endpoint.Name name = Endpoint.Name.of(reference);
      List<Endpoint> endpoints = Endpoint.of(name.host(), configuration);
      for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
        try {
          return open(mirror, name, reference, configuration, platform, bounds);
        } catch (RegistryFailure failed) {
          if (failed.reason() != RegistryFailure.Reason.UNREACHABLE
              && failed.reason() != RegistryFailure.Reason.NOT_FOUND) {
            throw failed;
          }
        }
      }
      return open(endpoints.getLast(), name, reference, configuration, platform, bounds);
    };
  }

  private static Image open(
      Endpoint endpoint,
      Endpoint.Name name,
      Reference reference,
      RegistryConfiguration configuration,
      @Nullable Platform platform,
      Bounds bounds)
      throws IOException {
    Repository repository =
        new Repository(endpoint, name.repository(), configuration, bounds.documentBytes());
    boolean opened = false;
    try {
      Descriptor root = repository.resolve(name.tagOrDigest(), Descriptor::digestOf);
      Image image =
          ManifestImage.open(
              reference.text(), reference.text(), root, repository, platform, bounds);
      opened = true;
      return image;
    } finally {
      if (!opened) {
        repository.close();
      }
    }
  }
}
