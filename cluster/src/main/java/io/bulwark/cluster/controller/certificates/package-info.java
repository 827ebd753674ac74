/** Approves and signs certificate requests. */
@NullMarked
package io.bulwark.cluster.controller.certificates;

import org.jspecify.annotations.NullMarked;
