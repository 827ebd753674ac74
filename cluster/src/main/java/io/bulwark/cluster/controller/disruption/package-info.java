/** How many pods may be disrupted for now. */
@NullMarked
package io.bulwark.cluster.controller.disruption;

import org.jspecify.annotations.NullMarked;
