package io.bulwark.cluster.node.volume;

/**
 * A file of a volume.
 *
 * @param mode permission bits
 */
record VolumeFile(byte[] content, int mode) {}
