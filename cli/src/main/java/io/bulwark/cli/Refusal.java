package io.bulwark.cli;

/** A wrong flag or state: one clear line for the user, and an exit code that is not zero. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Refusal(String message) {
    super(message, null, false, false);
  }
}
