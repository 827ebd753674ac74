/** DaemonSets: a pod on every node that is meant. */
@NullMarked
package io.bulwark.cluster.controller.daemon;

import org.jspecify.annotations.NullMarked;
