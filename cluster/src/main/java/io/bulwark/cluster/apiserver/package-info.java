/** The API server; RequestPath lists its stages. */
@NullMarked
package io.bulwark.cluster.apiserver;

import org.jspecify.annotations.NullMarked;
