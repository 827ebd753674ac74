/** Startup, liveness and readiness probes. */
@NullMarked
package io.bulwark.cluster.node.probe;

import org.jspecify.annotations.NullMarked;
