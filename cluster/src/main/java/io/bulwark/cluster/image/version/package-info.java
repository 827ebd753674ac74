/** How each package ecosystem orders its versions. */
@NullMarked
package io.bulwark.cluster.image.version;

import org.jspecify.annotations.NullMarked;
