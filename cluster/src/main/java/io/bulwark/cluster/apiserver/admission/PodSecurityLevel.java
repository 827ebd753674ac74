package io.bulwark.cluster.apiserver.admission;

import java.util.Optional;

/** The levels of the Pod Security Standards, from the loosest on. */
enum PodSecurityLevel {
  PRIVILEGED("privileged"),
  BASELINE("baseline"),
  RESTRICTED("restricted");

  private final String label;

  PodSecurityLevel(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  static Optional<PodSecurityLevel> parse(String label) {
    for (PodSecurityLevel level : values()) {
      if (level.label.equals(label)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
