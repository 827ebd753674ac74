package io.bulwark.cluster.apiserver.authz;

import io.bulwark.cluster.platform.http.Incoming;

record Granted(Incoming incoming, Attributes attributes) implements Authorized {}
