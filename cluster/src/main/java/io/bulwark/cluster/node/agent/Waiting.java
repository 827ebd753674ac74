package io.bulwark.cluster.node.agent;

/** Why a container does not run. */
public record Waiting(String reason, String message) {}
