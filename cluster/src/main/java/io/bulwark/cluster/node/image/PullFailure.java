package io.bulwark.cluster.node.image;

/**
 * An image is not there and did not come.
 *
 * <p>The reason is what a container waits for: ErrImagePull, ImagePullBackOff, ErrImageNeverPull,
 * InvalidImageName, ImageInspectError.
 */
public final class PullFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  PullFailure(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
