/** Resource quantities and durations as manifests write them. */
@NullMarked
package io.bulwark.api.quantity;

import org.jspecify.annotations.NullMarked;
