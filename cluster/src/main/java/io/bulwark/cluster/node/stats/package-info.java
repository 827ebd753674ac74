/** What pods and the node use. */
@NullMarked
package io.bulwark.cluster.node.stats;

import org.jspecify.annotations.NullMarked;
