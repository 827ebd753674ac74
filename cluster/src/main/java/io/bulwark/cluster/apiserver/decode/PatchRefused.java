package io.bulwark.cluster.apiserver.decode;

/**
 * A patch that is well-formed but does not fit the object, or that is malformed by its own rules.
 */
final class PatchRefused extends Exception {
  private static final long serialVersionUID = 1;

  PatchRefused(String message) {
    super(message, null, false, false);
  }
}
