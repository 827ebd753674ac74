package io.bulwark.cluster.apiserver.kind;

/** Services have no generation; their addresses are the registry's work. */
final class ServiceStrategy implements Strategy {
  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }
}
