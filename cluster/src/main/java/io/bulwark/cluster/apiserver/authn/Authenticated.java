package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.platform.http.Incoming;
import org.jspecify.annotations.Nullable;

/** A request whose sender is known; only {@link Authentication} makes one. */
public sealed interface Authenticated permits KnownSender {
  Incoming incoming();

  /** Who acts: the impersonated user where the sender impersonates one. */
  Subject subject();

  /** Who really sent an impersonating request; null where nobody is impersonated. */
  @Nullable Subject impersonator();
}
