package io.bulwark.cluster.node.runtime;

/** A user of an image registry. */
public record RegistryCredentials(String user, String password) {
  @Override
  public String toString() {
    return "RegistryCredentials[" + user + "]";
  }
}
