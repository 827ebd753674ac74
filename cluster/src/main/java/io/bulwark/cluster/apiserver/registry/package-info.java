/** The generic verbs on objects of every kind. */
@NullMarked
package io.bulwark.cluster.apiserver.registry;

import org.jspecify.annotations.NullMarked;
