/** The node: every stage of a pod's life, in order. */
@NullMarked
package io.bulwark.cluster.node;

import org.jspecify.annotations.NullMarked;
