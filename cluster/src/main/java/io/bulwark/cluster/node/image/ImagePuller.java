package io.bulwark.cluster.node.image;

import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.runtime.ImageState;
import io.bulwark.cluster.node.runtime.RegistryCredentials;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import io.bulwark.cluster.node.runtime.RuntimeImages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a container's image to the node as its pull policy says. Failed pulls are repeated after
 * 10 seconds, doubling up to 5 minutes. Thread-safe.
 */
public final class ImagePuller {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final RuntimeImages images;
  private final PinnedImages pinned;
  private final InstantSource clock;
  private final ConcurrentMap<String, Wait> waits = new ConcurrentHashMap<>();

  /** Writes events about the container. */
  public interface Narrator {
    void normal(String reason, String message);

    void warning(String reason, String message);
  }

  /** The credentials for a registry, best first; asked only when a pull is needed. */
  public interface Keyring {
    List<RegistryCredentials> forImage(String name);
  }

  private record Wait(Instant until, Duration length, String why) {}

  public ImagePuller(RuntimeImages images, PinnedImages pinned, InstantSource clock) {
    this.pinned = pinned;
    this.images = images;
    this.clock = clock;
  }

  /**
   * The image of a container, pulled where the policy asks for it.
   *
   * @param policy Always, IfNotPresent or Never
   * @param owner whose failures count together, such as a pod's uid
   * @throws PullFailure if it is not there in the end
   */
  public ImageState bring(
      String image, String policy, String owner, Keyring keyring, Narrator narrator)
      throws PullFailure {
    try {
      Reference.of(image);
    } catch (IllegalArgumentException malformed) {
      String message =
          "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": %s"
              .formatted(image, image, "invalid reference format");
      narrator.warning("InspectFailed", message);
      throw new PullFailure("InvalidImageName", message);
    }
    ImageState present = find(image, narrator);
    if (present != null && !policy.equals("Always")) {
      narrator.normal(
          "Pulled",
          "Container image \"%s\" already present on machine and can be accessed by the pod"
              .formatted(image));
      return present;
    }
    if (policy.equals("Never")) {
      String message =
          "Container image \"%s\" is not present with pull policy of Never".formatted(image);
      narrator.warning("ErrImageNeverPull", message);
      throw new PullFailure("ErrImageNeverPull", message);
    }
    String key = owner + "_" + image;
    Wait wait = waits.get(key);
    if (wait != null && clock.instant().isBefore(wait.until)) {
      String message = "Back-off pulling image \"%s\"".formatted(image);
      narrator.normal("BackOff", message);
      throw new PullFailure("ImagePullBackOff", message + ": " + wait.why);
    }
    return pull(image, key, keyring, narrator);
  }

  private ImageState pull(String image, String key, Keyring keyring, Narrator narrator)
      throws PullFailure {
    narrator.normal("Pulling", "Pulling image \"" + image + "\"");
    Instant begun = clock.instant();
    try {
      String id = pullWithAny(image, keyring.forImage(image));
      ImageState pulled = images.find(id);
      if (pulled != null) {
        waits.remove(key);
        String time = seconds(Duration.between(begun, clock.instant()));
        narrator.normal(
            "Pulled",
            "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
                .formatted(image, time, time, pulled.size()));
        return pulled;
      }
      throw new PullFailure("ErrImagePull", "image " + id + " vanished");
    } catch (RuntimeFailure refused) {
      String message =
          "failed to pull and unpack image \"%s\": %s"
              .formatted(Reference.of(image), refused.getMessage());
      if (refused.getMessage().contains("failed to pull and unpack")) {
        message = refused.getMessage();
      }
      String why = message;
      waits.compute(
          key,
          (same, before) -> {
            Duration length =
                before == null
                    ? FIRST
                    : before.length.multipliedBy(2).compareTo(LONGEST) < 0
                        ? before.length.multipliedBy(2)
                        : LONGEST;
            return new Wait(clock.instant().plus(length), length, "ErrImagePull: " + why);
          });
      narrator.warning("Failed", "Failed to pull image \"%s\": %s".formatted(image, message));
      throw new PullFailure("ErrImagePull", message);
    }
  }

  private String pullWithAny(String image, List<RegistryCredentials> credentials) {
    RuntimeFailure last = null;
    for (RegistryCredentials one : credentials) {
      try {
        return images.pull(image, one);
      } catch (RuntimeFailure refused) {
        last = refused;
      }
    }
    if (last != null) {
      throw last;
    }
    return images.pull(image, null);
  }

  /** When a failed pull may be repeated, or null where none failed. */
  public @Nullable Instant retryAt(String image, String owner) {
    Wait wait = waits.get(owner + "_" + image);
    return wait == null ? null : wait.until;
  }

  /** Forgets an owner's failures. */
  public void forget(String owner) {
    waits.keySet().removeIf(key -> key.startsWith(owner + "_"));
  }

  private @Nullable ImageState find(String image, Narrator narrator) throws PullFailure {
    try {
      ImageState found = images.find(image);
      return found == null ? pinned.find(Reference.of(image).text()) : found;
    } catch (RuntimeFailure failed) {
      String message = "Failed to inspect image \"%s\": %s".formatted(image, failed.getMessage());
      narrator.warning("InspectFailed", message);
      throw new PullFailure("ImageInspectError", message);
    }
  }

  private static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000
        ? millis + "ms"
        : String.format(Locale.ROOT, "%d.%03ds", millis / 1000, millis % 1000);
  }
}
