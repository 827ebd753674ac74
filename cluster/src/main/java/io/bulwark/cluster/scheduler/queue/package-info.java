/** Pods that wait for a node. */
@NullMarked
package io.bulwark.cluster.scheduler.queue;

import org.jspecify.annotations.NullMarked;
