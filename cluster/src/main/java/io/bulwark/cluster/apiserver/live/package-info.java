/** Read access of the inner stages to objects as they are stored now. */
@NullMarked
package io.bulwark.cluster.apiserver.live;

import org.jspecify.annotations.NullMarked;
