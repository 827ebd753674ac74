/** Watches over nodes: their heartbeats, taints, address ranges and abandoned pods. */
@NullMarked
package io.bulwark.cluster.controller.node;

import org.jspecify.annotations.NullMarked;
