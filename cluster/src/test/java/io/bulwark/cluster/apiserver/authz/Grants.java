package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;
import java.util.Map;

/** Requests as they come out of authorization, for tests of the stages behind it. */
public final class Grants {
  private Grants() {}

  /** A GET of one object, or of all where the name is empty. */
  public static Authorized get(
      String resource,
      String namespace,
      String name,
      Map<String, List<String>> query,
      Map<String, String> headers) {
    Incoming incoming =
        new Incoming("GET", "/", query, headers, new byte[0], new Credentials.None(), "@");
    Subject subject = new Subject("tester", "", List.of("system:masters"), Map.of());
    String verb = name.isEmpty() ? "list" : "get";
    return new Granted(
        incoming, new Attributes(subject, verb, "", "v1", resource, "", namespace, name, "", true));
  }
}
