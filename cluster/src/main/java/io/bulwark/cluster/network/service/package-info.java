/** Services to packet rules: a pure rendering, a difference, one atomic change. */
@NullMarked
package io.bulwark.cluster.network.service;

import org.jspecify.annotations.NullMarked;
