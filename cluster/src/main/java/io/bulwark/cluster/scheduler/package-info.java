/** Chooses a node for every pod. */
@NullMarked
package io.bulwark.cluster.scheduler;

import org.jspecify.annotations.NullMarked;
