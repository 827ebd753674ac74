package io.bulwark.api.selector;

import java.util.Objects;

/** A selector that cannot be understood; the message is upstream's and fit for the client. */
public final class MalformedSelector extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedSelector(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
