package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import java.time.Duration;

/**
 * How one turn of a pod's worker ended.
 *
 * @param status of the pod now
 * @param again the longest time until the next turn
 * @param cleared whether nothing of the pod is left on the node and its object may go
 */
public record Turn(Tree status, Duration again, boolean cleared) {}
