/** Bodies and patches to objects: versions, patch types, server-side apply, defaults. */
@NullMarked
package io.bulwark.cluster.apiserver.decode;

import org.jspecify.annotations.NullMarked;
