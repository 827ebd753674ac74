package io.bulwark.cluster.image.layer;

import io.bulwark.cluster.image.build.Reference;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of the images of an archive is meant. */
final class NameChoice {
  private static final String FULL = "io.containerd.image.name";
  private static final String SHORT = "org.opencontainers.image.ref.name";

  private NameChoice() {}

  /**
   * @param wanted a name or a tag; null for the only one there is
   * @throws RefusedImage if none or more than one is meant; the message lists those that there are
   */
  static Descriptor from(List<Descriptor> all, @Nullable String wanted, @Nullable Platform platform)
      throws RefusedImage {
    List<Descriptor> images = all.stream().filter(one -> !one.attestation()).toList();
    Set<String> names = new TreeSet<>();
    images.forEach(one -> names.add(name(one, "")));
    if (images.isEmpty()) {
      throw new RefusedImage("the archive holds no image");
    }
    if (wanted != null) {
      images = images.stream().filter(one -> means(one, wanted)).toList();
      if (images.isEmpty()) {
        throw new RefusedImage(
            "the archive holds no image %s, only %s".formatted(wanted, shown(names)));
      }
    } else if (names.size() > 1) {
      throw new RefusedImage("the archive holds several images: " + shown(names));
    }
    return images.size() == 1 ? images.getFirst() : PlatformChoice.from(images, platform);
  }

  /** The best name that an entry of an archive has. */
  static String name(Descriptor image, String fallback) {
    String full = image.annotations().get(FULL);
    String tag = image.annotations().get(SHORT);
    return full != null ? full : tag != null ? tag : fallback;
  }

  private static boolean means(Descriptor image, String wanted) {
    String full = image.annotations().get(FULL);
    return wanted.equals(full)
        || wanted.equals(image.annotations().get(SHORT))
        || wanted.equals(image.digest())
        || (full != null && full.equals(complete(wanted)));
  }

  /** The name with what people leave out; as it is if it is no name. */
  static String complete(String name) {
    try {
      return Reference.of(name).text();
    } catch (IllegalArgumentException other) {
      return name;
    }
  }

  static String shown(Set<String> names) {
    return LayerPath.shown(
        String.join(
            ", ", names.stream().map(name -> name.isEmpty() ? "(unnamed)" : name).toList()));
  }
}
