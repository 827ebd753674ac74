package io.bulwark.cluster.apiserver.request;

import io.bulwark.cluster.platform.http.Incoming;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a method and a URL ask for. Unused parts are empty.
 *
 * <p>Source: the rules that clients rely on for {@code /api} and {@code /apis}, as in
 * k8s.io/apiserver/pkg/endpoints/request.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete}, {@code deletecollection}, {@code proxy}; for a path that is no
 *     resource the lower-case method
 * @param path decoded URL path
 * @param rest what follows the subresource, without a leading slash
 */
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String subresource,
    String name,
    String rest) {
  private static final Set<String> SPECIAL_VERBS = Set.of("proxy", "watch");
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  public static RequestInfo of(Incoming incoming) {
    return of(
        incoming.method(),
        incoming.path(),
        incoming.flag("watch"),
        incoming.parameter("fieldSelector"));
  }

  static RequestInfo of(String method, String path, boolean watch, @Nullable String fieldSelector) {
    List<String> parts = split(path);
    boolean grouped = !parts.isEmpty() && parts.getFirst().equals("apis");
    boolean core = !parts.isEmpty() && parts.getFirst().equals("api");
    if (parts.size() < (grouped ? 4 : 3) || !(grouped || core)) {
      return notResource(method, path);
    }
    String group = grouped ? parts.get(1) : "";
    String version = parts.get(grouped ? 2 : 1);
    parts = parts.subList(grouped ? 3 : 2, parts.size());
    String verb = verb(method);
    if (SPECIAL_VERBS.contains(parts.getFirst())) {
      if (parts.size() < 2) {
        return notResource(method, path);
      }
      verb = parts.getFirst();
      parts = parts.subList(1, parts.size());
    }
    String namespace = "";
    if (parts.getFirst().equals("namespaces") && parts.size() > 1) {
      namespace = parts.get(1);
      if (parts.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(parts.get(2))) {
        parts = parts.subList(2, parts.size());
      }
    }
    String resource = parts.getFirst();
    String name = parts.size() > 1 ? parts.get(1) : "";
    String subresource = parts.size() > 2 && !verb.equals("proxy") ? parts.get(2) : "";
    String rest = parts.size() > 3 ? String.join("/", parts.subList(3, parts.size())) : "";
    if (name.isEmpty() && verb.equals("get")) {
      verb = watch ? "watch" : "list";
    }
    if (name.isEmpty() && verb.equals("delete")) {
      verb = "deletecollection";
    }
    if (name.isEmpty() && (verb.equals("list") || verb.equals("watch") || verb.startsWith("del"))) {
      name = selectedName(fieldSelector);
    }
    return new RequestInfo(
        true, path, verb, group, version, namespace, resource, subresource, name, rest);
  }

  private static RequestInfo notResource(String method, String path) {
    return new RequestInfo(
        false, path, method.toLowerCase(Locale.ROOT), "", "", "", "", "", "", "");
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "GET", "HEAD" -> "get";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "";
    };
  }

  private static List<String> split(String path) {
    int from = 0;
    int to = path.length();
    while (from < to && path.charAt(from) == '/') {
      from++;
    }
    while (to > from && path.charAt(to - 1) == '/') {
      to--;
    }
    return from == to ? List.of() : Arrays.asList(path.substring(from, to).split("/", -1));
  }

  /** The name that {@code metadata.name=x} selects, which authorization may then rely on. */
  private static String selectedName(@Nullable String fieldSelector) {
    if (fieldSelector == null) {
      return "";
    }
    for (String requirement : fieldSelector.split(",", -1)) {
      String[] sides = requirement.split("==?", 2);
      if (sides.length == 2
          && sides[0].equals("metadata.name")
          && !sides[1].isEmpty()
          && !sides[1].contains("/")
          && !sides[1].contains("%")
          && !sides[1].equals(".")
          && !sides[1].equals("..")) {
        return sides[1];
      }
    }
    return "";
  }
}
