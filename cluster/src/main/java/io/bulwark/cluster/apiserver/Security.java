package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stages that decide who may do what.
 *
 * @param authentication throws {@link io.bulwark.api.failure.Rejected} with 401
 * @param tokens null for a server that neither issues nor reviews tokens
 */
public record Security(
    Function<Incoming, Authenticated> authentication,
    Authorization authorization,
    Admission admission,
    @Nullable Tokens tokens) {
  /** Without tokens. */
  public Security(
      Function<Incoming, Authenticated> authentication,
      Authorization authorization,
      Admission admission) {
    this(authentication, authorization, admission, null);
  }
}
