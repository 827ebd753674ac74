package io.bulwark.cluster.apiserver.admission;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A level at a version.
 *
 * @param minor of version 1; {@link #LATEST} for the newest
 */
record PodSecurityPolicy(PodSecurityLevel level, int minor) {
  static final int LATEST = Integer.MAX_VALUE;

  private static final Pattern VERSION = Pattern.compile("v1\\.(0|[1-9][0-9]{0,3})");

  static PodSecurityPolicy latest(PodSecurityLevel level) {
    return new PodSecurityPolicy(level, LATEST);
  }

  /** The minor version of a label, or null where it is none. */
  static @Nullable Integer minor(@Nullable String label) {
    if (label == null || label.equals("latest")) {
      return LATEST;
    }
    Matcher version = VERSION.matcher(label);
    return version.matches() ? Integer.valueOf(version.group(1)) : null;
  }

  /** As messages name it: {@code restricted:latest}. */
  @Override
  public String toString() {
    return level.label() + ":" + (minor == LATEST ? "latest" : "v1." + minor);
  }
}
