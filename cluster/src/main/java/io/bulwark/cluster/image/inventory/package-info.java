/** What software an image holds, and which layer brought it. Reads files; never runs them. */
@NullMarked
package io.bulwark.cluster.image.inventory;

import org.jspecify.annotations.NullMarked;
