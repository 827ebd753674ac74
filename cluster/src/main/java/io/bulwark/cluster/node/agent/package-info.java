/** Watches the pods of a node, drives each through its life, and reports. */
@NullMarked
package io.bulwark.cluster.node.agent;

import org.jspecify.annotations.NullMarked;
