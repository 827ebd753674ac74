package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.apiserver.http.Incoming;
import org.jspecify.annotations.Nullable;

record KnownSender(Incoming incoming, Subject subject, @Nullable Subject impersonator)
    implements Authenticated {}
