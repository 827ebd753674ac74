/** Jobs: pods that run until enough of them have succeeded. */
@NullMarked
package io.bulwark.cluster.controller.job;

import org.jspecify.annotations.NullMarked;
