package io.bulwark.api.meta;

/** A kind without its version; the core group is the empty string. */
public record GroupKind(String group, String kind) {
  /** As errors name it: {@code Deployment.apps}, or {@code Pod} in the core group. */
  @Override
  public String toString() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
