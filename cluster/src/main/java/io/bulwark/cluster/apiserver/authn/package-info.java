/** Who sends a request. */
@NullMarked
package io.bulwark.cluster.apiserver.authn;

import org.jspecify.annotations.NullMarked;
