package io.bulwark.cluster.node.runtime;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Locale;
import java.util.Objects;

/** The container runtime refused, or could not be reached. The message is in upstream's form. */
public final class RuntimeFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String description;

  RuntimeFailure(StatusRuntimeException refused) {
    super(
        "rpc error: code = "
            + name(refused.getStatus().getCode())
            + " desc = "
            + String.valueOf(refused.getStatus().getDescription()),
        refused);
    this.description = String.valueOf(refused.getStatus().getDescription());
    this.code = refused.getStatus().getCode().name();
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** What the runtime said, without the form of remote calls. */
  public String description() {
    return description;
  }

  /** Whether the sandbox, container or image does not exist. */
  public boolean notFound() {
    return code.equals(Status.Code.NOT_FOUND.name());
  }

  /** Whether the runtime cannot be reached. */
  public boolean unavailable() {
    return code.equals(Status.Code.UNAVAILABLE.name());
  }

  /** Whether the call took longer than allowed. */
  public boolean timedOut() {
    return code.equals(Status.Code.DEADLINE_EXCEEDED.name());
  }

  private static String name(Status.Code code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }
}
