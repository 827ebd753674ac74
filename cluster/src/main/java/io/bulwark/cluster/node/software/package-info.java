/** Tells the cluster what software the node runs. */
@NullMarked
package io.bulwark.cluster.node.software;

import org.jspecify.annotations.NullMarked;
