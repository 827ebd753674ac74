package io.bulwark.cluster.node.runtime;

/**
 * @param problem why it is not ready; empty when it is
 */
public record RuntimeHealth(
    boolean ready, boolean networkReady, String name, String version, String problem) {}
