/** Volumes of pods: directories, files, mounts. */
@NullMarked
package io.bulwark.cluster.node.volume;

import org.jspecify.annotations.NullMarked;
