/** GET and LIST: copies stored bytes, or makes another form of them on first need. */
@NullMarked
package io.bulwark.cluster.apiserver.read;

import org.jspecify.annotations.NullMarked;
