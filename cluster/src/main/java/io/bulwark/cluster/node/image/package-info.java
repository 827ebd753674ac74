/** Images of a node: presence, pulls, imports. */
@NullMarked
package io.bulwark.cluster.node.image;

import org.jspecify.annotations.NullMarked;
