/** One rule each: which nodes a pod may have, and which it should. */
@NullMarked
package io.bulwark.cluster.scheduler.plugin;

import org.jspecify.annotations.NullMarked;
