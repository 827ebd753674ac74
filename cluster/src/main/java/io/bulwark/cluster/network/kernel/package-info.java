/** Commands that change the kernel's network state. */
@NullMarked
package io.bulwark.cluster.network.kernel;

import org.jspecify.annotations.NullMarked;
