package io.bulwark.cluster.network.service;

/**
 * The address ranges of the cluster, as prefixes such as {@code 10.244.0.0/16}.
 *
 * @param dnsAddress the Service address that every node answers DNS queries on
 */
public record NetworkRanges(String pods, String services, String dnsAddress) {}
