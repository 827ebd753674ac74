/** Subresources that are streams: log, exec, attach, portforward, proxy. */
@NullMarked
package io.bulwark.cluster.apiserver.stream;

import org.jspecify.annotations.NullMarked;
