/** Images and their layers as bounded, verified streams of files. Everything read is untrusted. */
@NullMarked
package io.bulwark.cluster.image.layer;

import org.jspecify.annotations.NullMarked;
