package io.bulwark.cluster.node.probe;

/** How one run of a probe or hook ended. */
public sealed interface ProbeOutcome {
  record Passed() implements ProbeOutcome {}

  /**
   * @param output for the event
   */
  record Failed(String output) implements ProbeOutcome {}

  /** The probe could not be run; it counts neither way. */
  record Errored(String message) implements ProbeOutcome {}
}
