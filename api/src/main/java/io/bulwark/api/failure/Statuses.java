package io.bulwark.api.failure;

import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one place where a {@link Failure} becomes a {@code v1 Status}.
 *
 * <p>Source: reasons, codes and messages as documented for {@code metav1.Status} and as clients
 * parse them.
 */
public final class Statuses {
  private Statuses() {}

  /** A new, mutable Status object; its {@code code} is the HTTP status to send. */
  public static Tree of(Failure failure) {
    return switch (failure) {
      case Failure.NotFound(var resource, var name) ->
          status(404, "NotFound", resource + " \"" + name + "\" not found", named(resource, name));
      case Failure.NoSuchPath() ->
          status(404, "NotFound", "the server could not find the requested resource", new Tree());
      case Failure.AlreadyExists(var resource, var name) ->
          status(
              409,
              "AlreadyExists",
              resource + " \"" + name + "\" already exists",
              named(resource, name));
      case Failure.Conflict(var resource, var name, var detail) ->
          status(
              409,
              "Conflict",
              "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + detail,
              named(resource, name));
      case Failure.ApplyConflict(var conflicts) -> applyConflict(conflicts);
      case Failure.Invalid(var kind, var name, var errors) -> {
        Tree details = new Tree();
        putText(details, "kind", kind.kind());
        putText(details, "group", kind.group());
        putText(details, "name", name);
        for (FieldError error : errors) {
          details
              .childList("causes")
              .add(cause(error.type().reason(), error.body(), error.field()));
        }
        yield status(
            422, "Invalid", kind + " \"" + name + "\" is invalid: " + joined(errors), details);
      }
      case Failure.BadRequest(var message) -> status(400, "BadRequest", message, null);
      case Failure.Unauthorized() -> status(401, "Unauthorized", "Unauthorized", null);
      case Failure.Forbidden(var resource, var name, var detail) ->
          status(403, "Forbidden", forbidden(resource, name, detail), named(resource, name));
      case Failure.ForbiddenWithCause(
              var resource,
              var name,
              var detail,
              var reason,
              var message,
              var field) -> {
        Tree details = named(resource, name);
        details.childList("causes").add(cause(reason, message, field));
        yield status(403, "Forbidden", forbidden(resource, name, detail), details);
      }
      case Failure.MethodNotAllowed(var resource, var verb) ->
          status(
              405,
              "MethodNotAllowed",
              verb + " is not supported on resources of kind \"" + resource + "\"",
              named(resource, ""));
      case Failure.NotAcceptable(var accepted) ->
          status(
              406,
              "NotAcceptable",
              "only the following media types are accepted: " + String.join(", ", accepted),
              null);
      case Failure.UnsupportedMediaType(var accepted) ->
          status(
              415,
              "UnsupportedMediaType",
              "the body of the request was in an unknown format - accepted media types include: "
                  + String.join(", ", accepted),
              null);
      case Failure.RequestEntityTooLarge(var message) ->
          status(413, "RequestEntityTooLarge", message, null);
      case Failure.Expired(var message, var token) -> {
        Tree status = status(410, "Expired", message, null);
        if (!token.isEmpty()) {
          status.set(token, "metadata", "continue");
        }
        yield status;
      }
      case Failure.TooLargeResourceVersion(var requested, var current, var retry) -> {
        Tree details = Tree.of("retryAfterSeconds", retry);
        details
            .childList("causes")
            .add(cause("ResourceVersionTooLarge", "Too large resource version", ""));
        yield status(
            504,
            "Timeout",
            "Timeout: Too large resource version: " + requested + ", current: " + current,
            details);
      }
      case Failure.Timeout(var message, var retry) ->
          status(504, "Timeout", message, Tree.of("retryAfterSeconds", retry));
      case Failure.TooManyRequests(var message, var retry, var causes) -> {
        Tree details = Tree.of();
        if (retry > 0) {
          details.put("retryAfterSeconds", retry);
        }
        for (Failure.Cause given : causes) {
          details.childList("causes").add(cause(given.reason(), given.message(), given.field()));
        }
        yield status(429, "TooManyRequests", message, details);
      }
      case Failure.ServiceUnavailable(var message) ->
          status(503, "ServiceUnavailable", message, null);
      case Failure.InternalError(var message) -> {
        Tree details = new Tree();
        details.childList("causes").add(Tree.of("message", message));
        yield status(500, "InternalError", "Internal error occurred: " + message, details);
      }
      case Failure.Ready(var code, var status) -> status.copy().set(code, "code");
    };
  }

  /** A {@code Success} Status with the details given. */
  public static Tree success(Tree details) {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Status",
        "metadata", new Tree(),
        "status", "Success",
        "details", details);
  }

  private static Tree applyConflict(List<Failure.FieldConflict> conflicts) {
    Tree details = new Tree();
    TreeList causes = details.childList("causes");
    for (Failure.FieldConflict conflict : conflicts) {
      causes.add(cause("FieldManagerConflict", conflict.message(), conflict.field()));
    }
    String noun = conflicts.size() == 1 ? "conflict" : "conflicts";
    String message =
        conflicts.size() == 1
            ? conflicts.getFirst().message() + ": " + conflicts.getFirst().field()
            : conflicts.stream()
                .collect(
                    Collectors.groupingBy(
                        Failure.FieldConflict::message,
                        java.util.TreeMap::new,
                        Collectors.mapping(c -> "\n- " + c.field(), Collectors.joining())))
                .entrySet()
                .stream()
                .map(
                    group ->
                        group.getKey().replaceFirst("^conflict ", "conflicts ")
                            + ":"
                            + group.getValue())
                .collect(Collectors.joining("\n"));
    return status(
        409,
        "Conflict",
        "Apply failed with " + conflicts.size() + " " + noun + ": " + message,
        details);
  }

  private static String forbidden(GroupResource resource, String name, String detail) {
    if (resource.resource().isEmpty()) {
      return "forbidden: " + detail;
    }
    return name.isEmpty()
        ? resource + " is forbidden: " + detail
        : resource + " \"" + name + "\" is forbidden: " + detail;
  }

  private static String joined(List<FieldError> errors) {
    return errors.size() == 1
        ? errors.getFirst().toString()
        : errors.stream().map(FieldError::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  private static Tree named(GroupResource resource, String name) {
    Tree details = new Tree();
    putText(details, "name", name);
    putText(details, "group", resource.group());
    putText(details, "kind", resource.resource());
    return details;
  }

  private static Tree cause(String reason, String message, String field) {
    Tree cause = Tree.of("reason", reason, "message", message);
    putText(cause, "field", field);
    return cause;
  }

  private static void putText(Tree tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }

  private static Tree status(
      int code, String reason, String message, @org.jspecify.annotations.Nullable Tree details) {
    Tree status =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Status",
            "metadata",
            new Tree(),
            "status",
            "Failure",
            "message",
            message,
            "reason",
            reason,
            "code",
            code);
    if (details != null) {
      status.put("details", details);
    }
    return status;
  }
}
