package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.function.Function;

/**
 * The stages that decide who may do what.
 *
 * @param authentication throws {@link io.bulwark.api.failure.Rejected} with 401
 */
public record Security(
    Function<Incoming, Authenticated> authentication,
    Authorization authorization,
    Admission admission) {}
