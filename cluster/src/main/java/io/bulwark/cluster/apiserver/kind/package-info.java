/** One row for each kind. */
@NullMarked
package io.bulwark.cluster.apiserver.kind;

import org.jspecify.annotations.NullMarked;
