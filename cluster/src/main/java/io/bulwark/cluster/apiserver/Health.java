package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.platform.http.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health endpoints: {@code /healthz}, {@code /livez}, {@code /readyz}, each with {@code
 * ?verbose}, {@code ?exclude=} and single checks below it.
 *
 * <p>Source: "Kubernetes API health endpoints" in upstream's documentation.
 */
public final class Health implements Route {
  private static final Set<String> ENDPOINTS = Set.of("healthz", "livez", "readyz");

  private final List<Check> checks;

  public Health(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /**
   * @param name as the endpoints list it
   * @param readiness whether only {@code /readyz} asks
   */
  public record Check(String name, boolean readiness, BooleanSupplier passes) {}

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    String[] parts = info.path().substring(1).split("/", 2);
    if (!ENDPOINTS.contains(parts[0])) {
      return null;
    }
    String endpoint = parts[0];
    List<Check> asked =
        checks.stream().filter(c -> !c.readiness() || endpoint.equals("readyz")).toList();
    if (parts.length == 2 && !parts[1].isEmpty()) {
      String single = parts[1];
      asked = asked.stream().filter(check -> check.name().equals(single)).toList();
      if (asked.isEmpty()) {
        return RequestPath.NO_SUCH_PAGE;
      }
    }
    List<String> excluded = request.incoming().query().getOrDefault("exclude", List.of());
    return report(endpoint, asked, excluded, request.incoming().query().containsKey("verbose"));
  }

  private static Outgoing report(
      String endpoint, List<Check> asked, List<String> excluded, boolean verbose) {
    StringBuilder lines = new StringBuilder();
    boolean healthy = true;
    for (Check check : asked) {
      if (excluded.contains(check.name())) {
        lines.append("[+]").append(check.name()).append(" excluded: ok\n");
      } else if (check.passes().getAsBoolean()) {
        lines.append("[+]").append(check.name()).append(" ok\n");
      } else {
        healthy = false;
        lines.append("[-]").append(check.name()).append(" failed: reason withheld\n");
      }
    }
    if (healthy && !verbose) {
      return text(200, "ok");
    }
    lines.append(endpoint).append(healthy ? " check passed\n" : " check failed\n");
    return text(healthy ? 200 : 500, lines.toString());
  }

  static Outgoing text(int status, String text) {
    return new Outgoing.Complete(
        status,
        Map.of(
            "content-type", "text/plain; charset=utf-8",
            "x-content-type-options", "nosniff",
            "cache-control", "no-cache, private"),
        List.of(Outgoing.Slice.of(text.getBytes(StandardCharsets.UTF_8))));
  }
}
