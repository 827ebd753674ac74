package io.bulwark.client;

import io.bulwark.api.tree.Tree;

/** The server answered with an error Status, or could not be reached (code 0). */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final transient Tree status;

  public ApiException(int code, Tree status) {
    super(status.textOrEmpty("message"));
    this.code = code;
    this.status = status;
  }

  public ApiException(String message, Throwable cause) {
    super(message, cause);
    this.code = 0;
    this.status = new Tree();
  }

  /** The HTTP status, or 0 when there was no answer. */
  public int code() {
    return code;
  }

  public String reason() {
    return status.textOrEmpty("reason");
  }

  public Tree status() {
    return status;
  }

  public boolean notFound() {
    return code == 404;
  }

  public boolean alreadyExists() {
    return code == 409 && reason().equals("AlreadyExists");
  }

  public boolean conflict() {
    return code == 409 && reason().equals("Conflict");
  }

  /** The watched or listed revision is gone: list again. */
  public boolean expired() {
    return code == 410;
  }
}
