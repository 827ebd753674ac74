package io.bulwark.cluster.apiserver.decode;

/** A value is not of the type that its field has; the message is for the client. */
final class Unmarshal extends Exception {
  private static final long serialVersionUID = 1;

  Unmarshal(String message) {
    super(message, null, false, false);
  }
}
