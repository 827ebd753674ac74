/** The store of one control plane: SQLite on disk, an immutable ordered map in memory. */
@NullMarked
package io.bulwark.cluster.apiserver.store.embedded;

import org.jspecify.annotations.NullMarked;
