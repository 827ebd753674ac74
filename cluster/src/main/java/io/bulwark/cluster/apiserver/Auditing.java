package io.bulwark.cluster.apiserver;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.audit.AuditEvent;
import io.bulwark.cluster.apiserver.audit.AuditPolicy;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.platform.http.Incoming;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Begins and ends the account of each request. Thread-safe. */
final class Auditing {
  private final Consumer<Tree> log;
  private final InstantSource clock;

  Auditing(Consumer<Tree> log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  Account begin(String id, Incoming incoming, RequestInfo info) {
    return new Account(id, incoming, info, clock.instant());
  }

  /** One request; for the thread that serves it. */
  final class Account {
    private final String id;
    private final Incoming incoming;
    private final RequestInfo info;
    private final Instant begun;
    private @Nullable Authenticated sender;

    private Account(String id, Incoming incoming, RequestInfo info, Instant begun) {
      this.id = id;
      this.incoming = incoming;
      this.info = info;
      this.begun = begun;
    }

    void sentBy(Authenticated known) {
      sender = known;
    }

    void end(int status) {
      AuditEvent.Target target =
          new AuditEvent.Target(
              info.verb(),
              info.group(),
              info.version(),
              info.resource(),
              info.subresource(),
              info.namespace(),
              info.name());
      Subject subject = sender == null ? null : sender.subject();
      Subject impersonator = sender == null ? null : sender.impersonator();
      Subject really = impersonator == null ? subject : impersonator;
      String user = really == null ? "" : really.name();
      if (AuditPolicy.records(info.path(), target, user)) {
        log.accept(
            AuditEvent.of(
                id, incoming, target, subject, impersonator, status, begun, clock.instant()));
      }
    }
  }
}
