package io.bulwark.cluster.node.agent;

/** A container cannot be made from its specification now: CreateContainerConfigError. */
public final class ConfigurationFailure extends Exception {
  private static final long serialVersionUID = 1;

  public ConfigurationFailure(String message) {
    super(message);
  }
}
