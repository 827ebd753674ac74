package io.bulwark.cluster.node.volume;

/** A volume cannot be set up now; the message is for the pod's owner. */
public final class VolumeFailure extends Exception {
  private static final long serialVersionUID = 1;

  public VolumeFailure(String message) {
    super(message);
  }

  public VolumeFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
