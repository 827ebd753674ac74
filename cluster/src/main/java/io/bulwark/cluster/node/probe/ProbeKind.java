package io.bulwark.cluster.node.probe;

/** What a probe decides. */
public enum ProbeKind {
  STARTUP("Startup", "startup", "startupProbe"),
  LIVENESS("Liveness", "liveness", "livenessProbe"),
  READINESS("Readiness", "readiness", "readinessProbe");

  private final String title;
  private final String word;
  private final String field;

  ProbeKind(String title, String word, String field) {
    this.title = title;
    this.word = word;
    this.field = field;
  }

  /** At the beginning of a message. */
  public String title() {
    return title;
  }

  /** Inside a message. */
  public String word() {
    return word;
  }

  /** The field of a container that holds it. */
  public String field() {
    return field;
  }
}
