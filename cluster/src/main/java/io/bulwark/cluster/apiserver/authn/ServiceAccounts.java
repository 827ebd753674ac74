package io.bulwark.cluster.apiserver.authn;

import java.util.List;
import java.util.Optional;

/** The user and the groups that a service account is. */
public final class ServiceAccounts {
  private static final String PREFIX = "system:serviceaccount:";

  private ServiceAccounts() {}

  public static String user(String namespace, String name) {
    return PREFIX + namespace + ":" + name;
  }

  public static List<String> groups(String namespace) {
    return List.of(
        "system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated");
  }

  /** A service account's namespace and name. */
  public record Account(String namespace, String name) {}

  /** The service account that a user name stands for, if it does. */
  public static Optional<Account> parse(String user) {
    String[] parts =
        user.startsWith(PREFIX) ? user.substring(PREFIX.length()).split(":", -1) : new String[0];
    return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()
        ? Optional.of(new Account(parts[0], parts[1]))
        : Optional.empty();
  }
}
