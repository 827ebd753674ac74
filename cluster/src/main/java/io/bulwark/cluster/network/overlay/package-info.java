/** How pods on different nodes reach each other. */
@NullMarked
package io.bulwark.cluster.network.overlay;

import org.jspecify.annotations.NullMarked;
