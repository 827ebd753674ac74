/** What the container runtime needs to give pods their addresses. */
@NullMarked
package io.bulwark.cluster.network.pod;

import org.jspecify.annotations.NullMarked;
