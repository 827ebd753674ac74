/** How much of a namespace's bounds an object takes; pure, for admission and for the controller. */
@NullMarked
package io.bulwark.cluster.quota;

import org.jspecify.annotations.NullMarked;
