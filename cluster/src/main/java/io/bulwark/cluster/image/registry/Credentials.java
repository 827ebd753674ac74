package io.bulwark.cluster.image.registry;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Knows users of registries. Thread-safe. */
@FunctionalInterface
public interface Credentials {
  /** Nobody anywhere. */
  Credentials NONE = host -> null;

  /**
   * A user and a password. The text form leaves the password out.
   *
   * @param user {@code <token>} if the password is an identity token
   */
  record Login(String user, String password) {
    /** What helpers and configurations write for a user whose password is an identity token. */
    static final String TOKEN_USER = "<token>";

    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /**
   * The user for a registry, or null to stay anonymous.
   *
   * @param host with its port, as references name it
   * @throws IOException if a configuration or a helper is broken
   */
  @Nullable Login find(String host) throws IOException;
}
