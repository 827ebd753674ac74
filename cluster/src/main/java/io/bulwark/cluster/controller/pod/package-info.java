/** What controllers read from pods and how they make, adopt and release them. */
@NullMarked
package io.bulwark.cluster.controller.pod;

import org.jspecify.annotations.NullMarked;
