/** What every component stands on: task scope, clock, lifecycle, certificates, metrics. */
@NullMarked
package io.bulwark.cluster.platform;

import org.jspecify.annotations.NullMarked;
