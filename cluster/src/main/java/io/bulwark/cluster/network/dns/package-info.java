/** Names of Services and pods, answered on every node. */
@NullMarked
package io.bulwark.cluster.network.dns;

import org.jspecify.annotations.NullMarked;
