/** Feeds changed inputs to every parser of images and vulnerability data. */
@NullMarked
package io.bulwark.cluster.image.fuzz;

import org.jspecify.annotations.NullMarked;
