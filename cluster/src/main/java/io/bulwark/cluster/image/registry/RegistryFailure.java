package io.bulwark.cluster.image.registry;

import java.io.IOException;

/** A registry that cannot be reached, is not to be trusted, or says no. One clear sentence. */
public final class RegistryFailure extends IOException {
  private static final long serialVersionUID = 1;

  /** What went wrong, for a caller that decides whether to try elsewhere. */
  public enum Reason {
    UNREACHABLE,
    UNTRUSTED,
    UNAUTHORIZED,
    NOT_FOUND,
    REFUSED
  }

  private final Reason reason;

  RegistryFailure(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
