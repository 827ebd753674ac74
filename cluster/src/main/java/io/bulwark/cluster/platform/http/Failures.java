package io.bulwark.cluster.platform.http;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;

/** What the server itself answers when a request does not get as far as an answer. */
final class Failures {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

  private Failures() {}

  /** A Status. */
  static Outgoing.Complete status(Failure failure) {
    Tree status = Statuses.of(failure);
    int code = (int) status.number(500, "code");
    byte[] body = Json.write(status);
    long retry = status.number(0, "details", "retryAfterSeconds");
    Map<String, String> headers =
        retry > 0
            ? Map.of("content-type", "application/json", "retry-after", Long.toString(retry))
            : Map.of("content-type", "application/json");
    return new Outgoing.Complete(code, headers, List.of(Outgoing.Slice.of(body)));
  }

  /** Source: the words of k8s.io/apiserver's limited body reader. */
  static Outgoing.Complete tooLarge() {
    return status(
        new Failure.RequestEntityTooLarge(
            "Request entity too large: limit is " + Incoming.BODY_LIMIT));
  }

  static Outgoing.Complete tooMany() {
    return status(
        new Failure.TooManyRequests("Too many requests, please try again later.", 1, List.of()));
  }

  static Outgoing.Complete badRequest(String message) {
    return status(new Failure.BadRequest(message));
  }

  /** A request with a header that is too long or malformed never gets a Status. */
  static Outgoing.Complete text(int code, String words) {
    return Outgoing.Complete.of(
        code, "text/plain; charset=utf-8", words.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** An exception that no stage expects: a bug of ours. */
  static Outgoing.Complete bug(Incoming incoming, Throwable cause) {
    LOG.log(Level.ERROR, incoming.method() + " " + incoming.path() + " failed", cause);
    return status(
        new Failure.InternalError("this request made the server fail; its log has the details"));
  }

  static void unexpected(String doing, Throwable cause) {
    LOG.log(Level.WARNING, doing + ": " + cause, cause);
  }
}
