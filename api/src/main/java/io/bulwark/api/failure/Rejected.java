package io.bulwark.api.failure;

/**
 * Carries a {@link Failure} out of a stage of the request path. Has no stack trace: it is no bug.
 */
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  public Rejected(Failure failure) {
    super(null, null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  @Override
  public String getMessage() {
    return Statuses.of(failure).textOrEmpty("message");
  }
}
