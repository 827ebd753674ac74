/** Nodes without containers, for load and for tests. */
@NullMarked
package io.bulwark.cluster.node.simulated;

import org.jspecify.annotations.NullMarked;
