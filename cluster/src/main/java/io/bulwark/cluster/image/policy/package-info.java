/** What images have to be, and whether they are. Pure: asks nobody and changes nothing. */
@NullMarked
package io.bulwark.cluster.image.policy;

import org.jspecify.annotations.NullMarked;
