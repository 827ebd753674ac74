/** Small typed views of pods and nodes, and an immutable picture of the cluster. */
@NullMarked
package io.bulwark.cluster.scheduler.model;

import org.jspecify.annotations.NullMarked;
