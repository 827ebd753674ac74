/** API lists and OpenAPI, made from the rows. */
@NullMarked
package io.bulwark.cluster.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
