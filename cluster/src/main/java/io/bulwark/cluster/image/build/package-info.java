/** Root file systems to image archives, without a registry and without a compiler. */
@NullMarked
package io.bulwark.cluster.image.build;

import org.jspecify.annotations.NullMarked;
