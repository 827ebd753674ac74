package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.platform.http.Incoming;

/** A request that its sender may make; only {@link Authorization} makes one. */
public sealed interface Authorized permits Granted {
  Incoming incoming();

  Attributes attributes();

  default Subject subject() {
    return attributes().subject();
  }
}
