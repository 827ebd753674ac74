package io.bulwark.cluster.scheduler.framework;

/** A rule of scheduling; implements the extension points at which it wants to be asked. */
public interface Plugin {
  /** Upstream's name, such as {@code NodeResourcesFit}. */
  String name();
}
