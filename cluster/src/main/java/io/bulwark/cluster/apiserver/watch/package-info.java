/** From revisions to client streams. */
@NullMarked
package io.bulwark.cluster.apiserver.watch;

import org.jspecify.annotations.NullMarked;
