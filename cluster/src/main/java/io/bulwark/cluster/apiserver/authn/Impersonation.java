package io.bulwark.cluster.apiserver.authn;

import io.bulwark.api.failure.Failure;
import io.bulwark.cluster.platform.http.Incoming;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a sender act as somebody else, where he may.
 *
 * <p>Source: kubernetes.io/docs/reference/access-authn-authz/authentication, "User impersonation".
 */
final class Impersonation {
  private static final String GROUP = "authentication.k8s.io";
  private static final String EXTRA = "impersonate-extra-";
  private static final String ANONYMOUS = "system:anonymous";

  private final ImpersonationGuard guard;

  Impersonation(ImpersonationGuard guard) {
    this.guard = guard;
  }

  /** The impersonated user, or null where the request names none. */
  @Nullable Subject wanted(Incoming incoming, Subject sender) {
    String user = header(incoming, "impersonate-user");
    String uid = header(incoming, "impersonate-uid");
    List<String> groups = values(incoming, "impersonate-group");
    Map<String, List<String>> extra = extra(incoming);
    if (user.isEmpty()) {
      if (!uid.isEmpty() || !groups.isEmpty() || !extra.isEmpty()) {
        throw new Failure.BadRequest("requested impersonation without impersonating a user")
            .rejected();
      }
      return null;
    }
    var account = ServiceAccounts.parse(user);
    if (account.isPresent()) {
      guard.require(
          sender, "", "serviceaccounts", "", account.get().namespace(), account.get().name());
    } else {
      guard.require(sender, "", "users", "", "", user);
    }
    for (String group : groups) {
      guard.require(sender, "", "groups", "", "", group);
    }
    extra.forEach(
        (key, values) ->
            values.forEach(value -> guard.require(sender, GROUP, "userextras", key, "", value)));
    if (!uid.isEmpty()) {
      guard.require(sender, GROUP, "uids", "", "", uid);
    }
    List<String> effective = new ArrayList<>(groups);
    if (groups.isEmpty() && account.isPresent()) {
      effective.addAll(ServiceAccounts.groups(account.get().namespace()));
    }
    String everybody = user.equals(ANONYMOUS) ? "system:unauthenticated" : "system:authenticated";
    if (!effective.contains(everybody)) {
      effective.add(everybody);
    }
    return new Subject(user, uid, effective, extra);
  }

  private static Map<String, List<String>> extra(Incoming incoming) {
    Map<String, List<String>> extra = new HashMap<>();
    incoming
        .headers()
        .forEach(
            (name, _) -> {
              if (name.startsWith(EXTRA) && name.length() > EXTRA.length()) {
                extra.put(unescaped(name.substring(EXTRA.length())), values(incoming, name));
              }
            });
    return extra;
  }

  private static String unescaped(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return key;
    }
  }

  private static List<String> values(Incoming incoming, String header) {
    return incoming.headerValues(header).stream()
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static String header(Incoming incoming, String name) {
    String value = incoming.header(name);
    return value == null ? "" : value;
  }
}
