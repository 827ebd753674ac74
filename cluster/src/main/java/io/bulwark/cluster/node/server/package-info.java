/** The protected HTTPS endpoint of a node: logs, exec, attach, port-forward, statistics. */
@NullMarked
package io.bulwark.cluster.node.server;

import org.jspecify.annotations.NullMarked;
