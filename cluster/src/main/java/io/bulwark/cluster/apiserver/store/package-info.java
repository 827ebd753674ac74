/** The revisioned store. */
@NullMarked
package io.bulwark.cluster.apiserver.store;

import org.jspecify.annotations.NullMarked;
