package io.bulwark.cluster.image.signature;

/** A signature, certificate or payload does not hold; the message says why. */
public final class SignatureRefused extends Exception {
  private static final long serialVersionUID = 1L;

  public SignatureRefused(String message) {
    super(message);
  }
}
