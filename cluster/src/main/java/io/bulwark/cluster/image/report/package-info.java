/** The forms in which an inventory and its findings are written. */
@NullMarked
package io.bulwark.cluster.image.report;

import org.jspecify.annotations.NullMarked;
