/** What a scheduling plug-in may decide, and when it is asked. */
@NullMarked
package io.bulwark.cluster.scheduler.framework;

import org.jspecify.annotations.NullMarked;
