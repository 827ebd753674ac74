package io.bulwark.cluster.apiserver.authn;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Believes what the credentials of a component say; for tests of what comes after. */
public final class TrustedSenders {
  private TrustedSenders() {}

  public static Authenticated authenticate(Incoming incoming) {
    if (incoming.credentials() instanceof Credentials.Component(var user, var groups)) {
      List<String> all = new ArrayList<>(groups);
      all.add("system:authenticated");
      return new KnownSender(incoming, new Subject(user, "", all, Map.of()), null);
    }
    throw new Failure.Unauthorized().rejected();
  }
}
