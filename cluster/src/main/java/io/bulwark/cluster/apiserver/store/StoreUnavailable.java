package io.bulwark.cluster.apiserver.store;

/**
 * A write that could not be made durable: the disk is full or failing, or the store is closed.
 * Nothing was acknowledged; reads go on, and writes succeed again once the cause is gone.
 */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreUnavailable(String message) {
    super(message);
  }

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
