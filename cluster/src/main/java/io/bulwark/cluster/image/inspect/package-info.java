/** Looks into one image: finds it, reads it, judges it. */
@NullMarked
package io.bulwark.cluster.image.inspect;

import org.jspecify.annotations.NullMarked;
