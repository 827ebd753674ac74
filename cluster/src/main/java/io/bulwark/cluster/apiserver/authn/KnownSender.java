package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.platform.http.Incoming;
import org.jspecify.annotations.Nullable;

record KnownSender(Incoming incoming, Subject subject, @Nullable Subject impersonator)
    implements Authenticated {}
