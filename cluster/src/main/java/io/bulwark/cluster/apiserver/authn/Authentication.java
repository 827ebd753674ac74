package io.bulwark.cluster.apiserver.authn;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request: a component of this process, a client certificate, a bearer token;
 * nobody in particular only where the server says how it is. Thread-safe.
 */
public final class Authentication {
  private static final Set<String> ANONYMOUS_PATHS =
      Set.of("/healthz", "/livez", "/readyz", "/version", "/version/");
  private static final Subject ANONYMOUS =
      new Subject("system:anonymous", "", List.of("system:unauthenticated"), Map.of());
  private static final String AUTHENTICATED = "system:authenticated";

  private final ClientCertificates certificates;
  private final BearerTokens tokens;
  private final Impersonation impersonation;

  public Authentication(
      ClientCertificates certificates, BearerTokens tokens, ImpersonationGuard guard) {
    this.certificates = certificates;
    this.tokens = tokens;
    this.impersonation = new Impersonation(guard);
  }

  /**
   * @throws io.bulwark.api.failure.Rejected with 401 where nobody vouches for the sender, 403 where
   *     he may not impersonate whom he names
   */
  public Authenticated authenticate(Incoming incoming) {
    Subject sender = sender(incoming);
    Subject wanted = impersonation.wanted(incoming, sender);
    return wanted == null
        ? new KnownSender(incoming, sender, null)
        : new KnownSender(incoming, wanted, sender);
  }

  private Subject sender(Incoming incoming) {
    Subject byConnection =
        switch (incoming.credentials()) {
          case Credentials.Component(var user, var groups) -> component(user, groups);
          case Credentials.Certificate(var chain) -> certificates.subject(chain);
          case Credentials.None() -> null;
        };
    if (byConnection != null) {
      return byConnection;
    }
    String token = bearer(incoming);
    if (token != null) {
      BearerTokens.Recognized recognized = tokens.recognize(token, List.of());
      if (recognized != null) {
        return recognized.subject();
      }
    } else if (incoming.credentials() instanceof Credentials.None
        && ANONYMOUS_PATHS.contains(incoming.path())) {
      return ANONYMOUS;
    }
    throw new Failure.Unauthorized().rejected();
  }

  private static Subject component(String user, List<String> groups) {
    List<String> all = new ArrayList<>(groups);
    if (!all.contains(AUTHENTICATED)) {
      all.add(AUTHENTICATED);
    }
    return new Subject(user, "", all, Map.of());
  }

  /**
   * The token of the Authorization header or of a browser's WebSocket; null where there is none.
   */
  private static @Nullable String bearer(Incoming incoming) {
    String header = incoming.header("authorization");
    if (header != null) {
      String[] words = header.strip().split(" ", 3);
      return words.length > 1 && words[0].equalsIgnoreCase("bearer") && !words[1].isEmpty()
          ? words[1]
          : null;
    }
    return WebSocketToken.of(incoming);
  }
}
