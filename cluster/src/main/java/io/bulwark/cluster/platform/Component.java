package io.bulwark.cluster.platform;

/** A part of the process that runs until it is closed. */
public interface Component extends AutoCloseable {
  /**
   * Starts the threads of the part and returns soon; called once.
   *
   * @throws Exception if the part cannot run; nothing of it is then left running
   */
  void start() throws Exception;

  /** Ends the part and waits for its threads. May be called more than once, or without a start. */
  @Override
  void close();
}
