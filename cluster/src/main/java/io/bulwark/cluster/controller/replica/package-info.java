/** ReplicaSets and ReplicationControllers: so many pods of one template. */
@NullMarked
package io.bulwark.cluster.controller.replica;

import org.jspecify.annotations.NullMarked;
