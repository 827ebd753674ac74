/** What every controller is built from. */
@NullMarked
package io.bulwark.cluster.controller.loop;

import org.jspecify.annotations.NullMarked;
