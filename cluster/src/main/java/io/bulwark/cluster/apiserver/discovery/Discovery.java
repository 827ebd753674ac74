package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.read.PrettyJson;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what the server serves: {@code /api}, {@code /apis}, {@code /version} and {@code /openapi}.
 * A document is made when it is first asked for and kept as bytes until the kinds change.
 *
 * <p>Thread-safe.
 */
public final class Discovery {
  private final Kinds kinds;
  private final String version;
  private volatile Made made;

  /** The documents of one state of the table of kinds. */
  private record Made(Kinds.Table table, Map<String, Document> documents) {}

  /**
   * @param version of the server, such as {@code v1.36.0+bulwark.0.1.0}
   */
  public Discovery(Kinds kinds, String version) {
    this.kinds = kinds;
    this.version = version;
    this.made = new Made(kinds.table(), new ConcurrentHashMap<>());
  }

  /**
   * The response, or null where the path is none of discovery's or names what is not served.
   *
   * @throws io.bulwark.api.failure.Rejected where the client accepts no form that there is
   */
  public @Nullable Outgoing answer(Incoming incoming) {
    String method = incoming.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return null;
    }
    String path = trimmed(incoming.path());
    Made current = current();
    return path.startsWith("/openapi/")
        ? openApi(incoming, path, current)
        : lists(incoming, path, current);
  }

  private @Nullable Outgoing lists(Incoming incoming, String path, Made current) {
    Lists lists = new Lists(current.table());
    List<MediaRange> accepted = MediaRange.parse(incoming.header("accept"));
    switch (path) {
      case "/version" -> {
        return answer(
            incoming,
            current,
            path,
            Document.JSON,
            () -> Document.of(PrettyJson.of(Json.write(VersionInfo.of(version)))));
      }
      case "/api", "/apis" -> {
        for (MediaRange range : accepted) {
          String aggregated = range.aggregatedDiscoveryVersion();
          if (aggregated != null) {
            return answer(
                incoming,
                current,
                path + " " + aggregated,
                AggregatedDiscovery.mediaType(aggregated),
                () ->
                    Document.of(
                        AggregatedDiscovery.of(current.table(), aggregated, path.equals("/api"))));
          }
          if (range.matches(Document.JSON)) {
            break;
          }
        }
        return path.equals("/api")
            ? plain(lists.coreVersions(incoming.header("host")))
            : answer(incoming, current, path, Document.JSON, () -> Document.of(lists.groups()));
      }
      default -> {
        return resources(incoming, path, current, lists);
      }
    }
  }

  private static Outgoing plain(io.bulwark.api.tree.Tree tree) {
    return Outgoing.Complete.of(200, Document.JSON, Document.of(tree).bytes());
  }

  private @Nullable Outgoing resources(Incoming incoming, String path, Made current, Lists lists) {
    String[] steps = path.split("/", -1);
    boolean core = steps.length == 3 && steps[1].equals("api");
    boolean named = steps.length == 4 && steps[1].equals("apis");
    if (core || named) {
      GroupVersion wanted =
          core ? new GroupVersion("", steps[2]) : new GroupVersion(steps[2], steps[3]);
      return current.table().versions().contains(wanted)
          ? answer(
              incoming, current, path, Document.JSON, () -> Document.of(lists.resources(wanted)))
          : null;
    }
    if (steps.length == 3 && steps[1].equals("apis") && lists.hasGroup(steps[2])) {
      return answer(
          incoming, current, path, Document.JSON, () -> Document.of(lists.group(steps[2])));
    }
    return null;
  }

  private @Nullable Outgoing openApi(Incoming incoming, String path, Made current) {
    List<MediaRange> accepted = MediaRange.parse(incoming.header("accept"));
    if (path.equals("/openapi/v2")) {
      String type = MediaRange.choose(accepted, Document.JSON, OpenApiV2.PROTOBUF);
      if (type == null) {
        throw new Failure.NotAcceptable(List.of(Document.JSON, OpenApiV2.PROTOBUF)).rejected();
      }
      OpenApiV2 specification = new OpenApiV2(current.table(), version);
      return type.equals(Document.JSON)
          ? answer(incoming, current, path, type, () -> Document.of(specification.tree()))
          : answer(
              incoming,
              current,
              path + " protobuf",
              type,
              () -> Document.of(Gnostic.document(specification.tree())));
    }
    if (path.equals("/openapi/v3")) {
      return answer(
          incoming,
          current,
          path,
          Document.JSON,
          () -> Document.of(OpenApiV3.index(current.table(), version)));
    }
    GroupVersion wanted = groupVersion(path, current.table());
    if (wanted == null) {
      return null;
    }
    if (MediaRange.choose(accepted, Document.JSON) == null) {
      throw new Failure.NotAcceptable(List.of(Document.JSON)).rejected();
    }
    OpenApiV3 specification = new OpenApiV3(current.table(), wanted, version);
    Outgoing answer =
        answer(incoming, current, path, Document.JSON, () -> Document.of(specification.tree()));
    return specification.hash().equals(incoming.parameter("hash"))
        ? Document.immutable(answer)
        : answer;
  }

  private static @Nullable GroupVersion groupVersion(String path, Kinds.Table table) {
    for (GroupVersion candidate : table.versions()) {
      if (path.equals("/openapi/v3" + candidate.path())) {
        return candidate;
      }
    }
    return null;
  }

  private static Outgoing answer(
      Incoming incoming, Made current, String key, String type, Supplier<Document> make) {
    Document document = current.documents().get(key);
    if (document == null) {
      document = make.get();
      current.documents().put(key, document);
    }
    return document.answer(incoming, type);
  }

  private Made current() {
    Made known = made;
    Kinds.Table table = kinds.table();
    if (known.table() != table) {
      known = new Made(table, new ConcurrentHashMap<>());
      made = known;
    }
    return known;
  }

  /** Every path that {@link #answer} serves, sorted, for the list at {@code /}. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>(List.of("/api", "/apis", "/openapi/v2", "/openapi/v3"));
    paths.add("/version");
    for (GroupVersion served : kinds.table().versions()) {
      paths.add(served.path());
      if (!served.group().isEmpty()) {
        paths.add("/apis/" + served.group());
      }
      paths.add("/openapi/v3" + served.path());
    }
    return paths.stream().distinct().sorted().toList();
  }

  private static String trimmed(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
