package io.bulwark.cluster.node.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is wanted.
 *
 * @param since lines of this moment or later; null for all
 * @param tailLines only so many of the last lines; -1 for all
 * @param limitBytes stop after so many bytes; -1 for no limit
 * @param stream {@code All}, {@code Stdout} or {@code Stderr}
 */
public record LogOptions(
    boolean follow,
    boolean timestamps,
    @Nullable Instant since,
    long tailLines,
    long limitBytes,
    String stream) {
  public static final LogOptions ALL = new LogOptions(false, false, null, -1, -1, "All");
}
