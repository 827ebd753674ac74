/** The cluster's own authorities, keys and certificates. */
@NullMarked
package io.bulwark.cluster.platform.tls;

import org.jspecify.annotations.NullMarked;
