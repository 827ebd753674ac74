package io.bulwark.cluster.apiserver;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.flow.Flow;
import io.bulwark.cluster.apiserver.read.Responses;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.store.StoreUnavailable;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The way of every request, top to bottom: who sends it, whether it gets a seat, whether its sender
 * may, and which area answers. What a stage refuses becomes a Status here and nowhere else.
 * Thread-safe; blocks, so call it on a virtual thread.
 */
public final class RequestPath {
  static final Outgoing NO_SUCH_PAGE = Health.text(404, "404 page not found\n");

  private static final System.Logger LOG = System.getLogger(RequestPath.class.getName());

  private final Function<Incoming, Authenticated> authentication;
  private final Flow flow;
  private final Authorization authorization;
  private final RequestMetrics metrics;
  private final Auditing auditing;
  private final List<Route> routes;
  private final Route objects;

  RequestPath(
      Function<Incoming, Authenticated> authentication,
      Flow flow,
      Authorization authorization,
      RequestMetrics metrics,
      Auditing auditing,
      List<Route> routes,
      Route objects) {
    this.authentication = authentication;
    this.flow = flow;
    this.authorization = authorization;
    this.metrics = metrics;
    this.auditing = auditing;
    this.routes = List.copyOf(routes);
    this.objects = objects;
  }

  /** Never throws: what goes wrong is in the answer. */
  public Outgoing handle(Incoming incoming) {
    long begun = System.nanoTime();
    metrics.begun();
    try {
      RequestInfo info = RequestInfo.of(incoming);
      Outgoing answer = accounted(incoming, info);
      boolean known = answer.status() != 404 && answer.status() != 403 && info.resourceRequest();
      metrics.ended(info, known, answer.status(), System.nanoTime() - begun);
      return answer;
    } catch (RuntimeException | StackOverflowError bug) {
      metrics.lost();
      return wrong(bug, incoming);
    }
  }

  private Outgoing accounted(Incoming incoming, RequestInfo info) {
    Map<String, String> headers = new HashMap<>();
    String auditId = auditId(incoming);
    headers.put("audit-id", auditId);
    headers.put("cache-control", "no-cache, private");
    Auditing.Account account = auditing.begin(auditId, incoming, info);
    Notes notes = new Notes();
    Outgoing answer;
    try {
      answer = stages(incoming, info, notes, headers, account);
    } catch (RuntimeException | StackOverflowError refusal) {
      answer = wrong(refusal, incoming);
    }
    warn(notes, headers);
    account.end(answer.status());
    return with(headers, answer);
  }

  private static Outgoing wrong(Throwable thrown, Incoming incoming) {
    Failure failure =
        switch (thrown) {
          case Rejected rejected -> rejected.failure();
          case StoreUnavailable unavailable -> {
            LOG.log(Level.WARNING, "the store refuses writes: {0}", unavailable.getMessage());
            yield new Failure.ServiceUnavailable(String.valueOf(unavailable.getMessage()));
          }
          case StackOverflowError _ -> new Failure.BadRequest("exceeded max depth");
          default -> {
            LOG.log(Level.ERROR, incoming.method() + " " + incoming.path(), thrown);
            yield new Failure.InternalError(thrown.toString());
          }
        };
    return Responses.failure(failure, incoming);
  }

  private Outgoing stages(
      Incoming incoming,
      RequestInfo info,
      Notes notes,
      Map<String, String> headers,
      Auditing.Account account) {
    Authenticated sender = authentication.apply(incoming);
    account.sentBy(sender);
    try (Flow.Seat seat = flow.enter(sender.subject(), info)) {
      headers.put("x-kubernetes-pf-flowschema-uid", seat.schemaUid());
      headers.put("x-kubernetes-pf-prioritylevel-uid", seat.levelUid());
      Authorized request = authorization.authorize(sender, attributes(sender, info));
      return route(request, info, notes);
    }
  }

  private Outgoing route(Authorized request, RequestInfo info, Notes notes) {
    if (info.resourceRequest()) {
      Outgoing answer = objects.answer(request, info, notes);
      return answer == null ? NO_SUCH_PAGE : answer;
    }
    for (Route route : routes) {
      Outgoing answer = route.answer(request, info, notes);
      if (answer != null) {
        return answer;
      }
    }
    return NO_SUCH_PAGE;
  }

  private static Attributes attributes(Authenticated sender, RequestInfo info) {
    return new Attributes(
        sender.subject(),
        info.verb(),
        info.group(),
        info.version(),
        info.resource(),
        info.subresource(),
        info.namespace(),
        info.name(),
        info.resourceRequest() ? "" : info.path(),
        info.resourceRequest());
  }

  /** Source: the words of upstream's router for a verb that a resource does not have. */
  static Rejected methodNotAllowed() {
    Tree status =
        Tree.of(
            "apiVersion", "v1",
            "kind", "Status",
            "metadata", new Tree(),
            "status", "Failure",
            "message", "the server does not allow this method on the requested resource",
            "reason", "MethodNotAllowed",
            "details", new Tree());
    return new Failure.Ready(405, status).rejected();
  }

  private static String auditId(Incoming incoming) {
    String given = incoming.header("audit-id");
    return given == null || given.isEmpty() || given.length() > 64
        ? UUID.randomUUID().toString()
        : given;
  }

  private static void warn(Notes notes, Map<String, String> headers) {
    if (!notes.warnings().isEmpty()) {
      headers.put(
          "warning",
          notes.warnings().stream()
              .map(text -> "299 - \"" + quoted(text) + "\"")
              .collect(Collectors.joining(", ")));
    }
  }

  private static String quoted(String text) {
    return text.replaceAll("[\\r\\n]", " ").replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static Outgoing with(Map<String, String> more, Outgoing answer) {
    Map<String, String> headers = new HashMap<>(more);
    headers.putAll(answer.headers());
    return switch (answer) {
      case Outgoing.Complete complete ->
          new Outgoing.Complete(complete.status(), headers, complete.body());
      case Outgoing.Streaming streaming ->
          new Outgoing.Streaming(streaming.status(), headers, streaming.start());
      case Outgoing.Upgraded upgraded ->
          new Outgoing.Upgraded(upgraded.status(), headers, upgraded.takeover());
    };
  }
}
