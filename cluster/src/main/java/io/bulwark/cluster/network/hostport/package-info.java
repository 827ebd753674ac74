/** Ports of the node that lead to pods. */
@NullMarked
package io.bulwark.cluster.network.hostport;

import org.jspecify.annotations.NullMarked;
