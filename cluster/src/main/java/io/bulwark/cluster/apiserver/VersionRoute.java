package io.bulwark.cluster.apiserver;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.Responses;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.platform.http.Outgoing;
import org.jspecify.annotations.Nullable;

/** {@code /version}. */
final class VersionRoute implements Route {
  /** Which API is served, and by what. */
  static final String VERSION = "v1.36.0+bulwark.0.1.0";

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    if (!info.path().equals("/version") && !info.path().equals("/version/")) {
      return null;
    }
    Tree version =
        Tree.of(
            "major", "1",
            "minor", "36",
            "emulationMajor", "1",
            "emulationMinor", "36",
            "minCompatibilityMajor", "1",
            "minCompatibilityMinor", "35",
            "gitVersion", VERSION,
            "gitCommit", "",
            "gitTreeState", "clean",
            "buildDate", "1970-01-01T00:00:00Z",
            "goVersion", "java" + Runtime.version().feature(),
            "compiler", "javac",
            "platform", "linux/" + architecture());
    return Responses.tree(200, version, Encoding.forError(request.incoming()));
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }
}
