package io.bulwark.cluster.node.agent;

/** Why the node ended a pod: it becomes Failed with this reason. */
public record Verdict(String reason, String message) {}
