/** Deletes what has lost its owners. */
@NullMarked
package io.bulwark.cluster.controller.garbage;

import org.jspecify.annotations.NullMarked;
