package io.bulwark.cluster.apiserver;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The stages that decide who may do what, and keep account of it.
 *
 * @param authentication throws {@link io.bulwark.api.failure.Rejected} with 401
 * @param audit takes the events of requests that are worth one
 */
public record Security(
    Function<Incoming, Authenticated> authentication,
    Authorization authorization,
    Admission admission,
    Tokens tokens,
    Consumer<Tree> audit) {}
