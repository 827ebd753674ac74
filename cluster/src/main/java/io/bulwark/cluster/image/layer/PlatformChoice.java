package io.bulwark.cluster.image.layer;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which of the images of an index is meant. */
final class PlatformChoice {
  private PlatformChoice() {}

  /**
   * @param wanted null for this machine's, or the only one there is
   * @throws RefusedImage if none fits; the message lists those that there are
   */
  static Descriptor from(List<Descriptor> all, @Nullable Platform wanted) throws RefusedImage {
    List<Descriptor> images = all.stream().filter(one -> !one.attestation()).toList();
    if (images.isEmpty()) {
      throw new RefusedImage("an index without images");
    }
    Platform platform = wanted == null ? Platform.machine() : wanted;
    for (Descriptor image : images) {
      if (image.platform() != null && platform.accepts(image.platform())) {
        return image;
      }
    }
    for (Descriptor image : images) {
      if (image.platform() == null || image.platform().os().isEmpty()) {
        return image;
      }
    }
    if (wanted == null && images.size() == 1) {
      return images.getFirst();
    }
    throw new RefusedImage(
        "there is no image for %s, only for %s"
            .formatted(
                platform,
                images.stream()
                    .map(image -> String.valueOf(image.platform()))
                    .distinct()
                    .limit(20)
                    .map(LayerPath::shown)
                    .collect(Collectors.joining(", "))));
  }
}
