/** Empties namespaces that are deleted. */
@NullMarked
package io.bulwark.cluster.controller.namespace;

import org.jspecify.annotations.NullMarked;
