/** Looks into the images of pods, keeps the reports, and lets go or keeps back held pods. */
@NullMarked
package io.bulwark.cluster.controller.image;

import org.jspecify.annotations.NullMarked;
