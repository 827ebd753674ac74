/** Layers read once, their contents kept by digest, and merged into the inventory of an image. */
@NullMarked
package io.bulwark.cluster.image.inventory.assembly;

import org.jspecify.annotations.NullMarked;
