package io.bulwark.api.codec;

import java.util.Objects;

/** Bytes that are no document of the expected format; the message is fit for the client. */
public final class MalformedBody extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedBody(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
