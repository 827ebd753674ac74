/** The container runtime behind CRI; its wire types stay in here. */
@NullMarked
package io.bulwark.cluster.node.runtime;

import org.jspecify.annotations.NullMarked;
