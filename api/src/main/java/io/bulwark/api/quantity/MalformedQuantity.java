package io.bulwark.api.quantity;

import java.util.Objects;

/** A text that is no quantity or duration; the message is upstream's and fit for the client. */
public final class MalformedQuantity extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedQuantity(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
