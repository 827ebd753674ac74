/** How a machine becomes a node of a cluster that runs elsewhere. */
@NullMarked
package io.bulwark.cluster.join;

import org.jspecify.annotations.NullMarked;
