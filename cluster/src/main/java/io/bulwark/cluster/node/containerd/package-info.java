/** Supervision of the node's own containerd. */
@NullMarked
package io.bulwark.cluster.node.containerd;

import org.jspecify.annotations.NullMarked;
