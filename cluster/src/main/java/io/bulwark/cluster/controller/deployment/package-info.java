/** Deployments: rolling from one ReplicaSet to the next. */
@NullMarked
package io.bulwark.cluster.controller.deployment;

import org.jspecify.annotations.NullMarked;
