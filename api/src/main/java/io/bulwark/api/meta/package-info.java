/** Names of kinds and the metadata that every object has. */
@NullMarked
package io.bulwark.api.meta;

import org.jspecify.annotations.NullMarked;
