/** The object tree: what every codec reads into and writes from. */
@NullMarked
package io.bulwark.api.tree;

import org.jspecify.annotations.NullMarked;
