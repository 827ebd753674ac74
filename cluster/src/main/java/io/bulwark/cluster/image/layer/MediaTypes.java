package io.bulwark.cluster.image.layer;

import java.util.Set;

/**
 * What kinds of contents make a container image.
 *
 * <p>Source: OCI image specification 1.1, "Media Types"; distribution's schema 2.
 */
final class MediaTypes {
  private static final Set<String> CONFIGURATIONS =
      Set.of(
          "",
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");

  private MediaTypes() {}

  static boolean configuration(String mediaType) {
    return CONFIGURATIONS.contains(mediaType);
  }

  /**
   * @throws RefusedImage if the content is no file system layer that can be read
   */
  static void checkLayer(Descriptor layer) throws RefusedImage {
    String type = layer.mediaType();
    if (type.endsWith("+encrypted")) {
      throw new RefusedImage("layer " + layer.digest() + " is encrypted");
    }
    boolean readable =
        type.isEmpty()
            || type.startsWith("application/vnd.oci.image.layer.")
            || type.startsWith("application/vnd.docker.image.rootfs.");
    if (!readable) {
      throw new RefusedImage(
          "layer %s is no file system but %s".formatted(layer.digest(), LayerPath.shown(type)));
    }
  }
}
