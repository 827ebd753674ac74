package io.bulwark.api.failure;

import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * Why a request was not served: the closed set of upstream's reasons. {@link Statuses} turns one
 * into the {@code Status} object that clients parse.
 */
public sealed interface Failure {
  record NotFound(GroupResource resource, String name) implements Failure {}

  /** No such URL. */
  record NoSuchPath() implements Failure {}

  record AlreadyExists(GroupResource resource, String name) implements Failure {}

  record Conflict(GroupResource resource, String name, String detail) implements Failure {}

  /** Server-side apply found fields that others own; one cause for each field. */
  record ApplyConflict(List<FieldConflict> conflicts) implements Failure {}

  record FieldConflict(String message, String field) {}

  record Invalid(GroupKind kind, String name, List<FieldError> errors) implements Failure {}

  record BadRequest(String message) implements Failure {}

  record Unauthorized() implements Failure {}

  /** Authorization or admission said no; {@code resource} and {@code name} may be empty. */
  record Forbidden(GroupResource resource, String name, String detail) implements Failure {}

  /** 403 that names a cause, such as a terminating namespace. */
  record ForbiddenWithCause(
      GroupResource resource,
      String name,
      String detail,
      String causeReason,
      String causeMessage,
      String causeField)
      implements Failure {}

  record MethodNotAllowed(GroupResource resource, String verb) implements Failure {}

  record NotAcceptable(List<String> accepted) implements Failure {}

  record UnsupportedMediaType(List<String> accepted) implements Failure {}

  record RequestEntityTooLarge(String message) implements Failure {}

  /** A revision that history no longer holds; {@code continueToken} may be empty. */
  record Expired(String message, String continueToken) implements Failure {}

  record TooLargeResourceVersion(long requested, long current, int retrySeconds)
      implements Failure {}

  record Timeout(String message, int retrySeconds) implements Failure {}

  record TooManyRequests(String message, int retrySeconds, List<Cause> causes) implements Failure {}

  record Cause(String reason, String message, String field) {}

  record ServiceUnavailable(String message) implements Failure {}

  record InternalError(String message) implements Failure {}

  /** A ready-made Status, such as one that a webhook or a node returned. */
  record Ready(int code, Tree status) implements Failure {}

  /** This failure as something that can be thrown out of a stage. */
  default Rejected rejected() {
    return new Rejected(this);
  }
}
