/** The product: roles, configuration and start order. */
@NullMarked
package io.bulwark.cluster;

import org.jspecify.annotations.NullMarked;
