package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.tree.Tree;

/** The document at {@code /version}. */
final class VersionInfo {
  private VersionInfo() {}

  /**
   * @param version such as {@code v1.36.0+bulwark.0.1.0}
   */
  static Tree of(String version) {
    String[] parts = version.substring(1).split("\\.", 3);
    return Tree.of(
        "buildDate",
        "2026-01-01T00:00:00Z",
        "compiler",
        "javac",
        "emulationMajor",
        parts[0],
        "emulationMinor",
        parts[1],
        "gitCommit",
        "unknown",
        "gitTreeState",
        "clean",
        "gitVersion",
        version,
        "goVersion",
        "java" + Runtime.version().feature(),
        "major",
        parts[0],
        "minCompatibilityMajor",
        parts[0],
        "minCompatibilityMinor",
        Integer.toString(Integer.parseInt(parts[1]) - 1),
        "minor",
        parts[1],
        "platform",
        "linux/" + architecture());
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }
}
