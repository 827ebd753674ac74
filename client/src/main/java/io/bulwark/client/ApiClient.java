package io.bulwark.client;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests on API objects as trees. Every method blocks and throws {@link ApiException} when the
 * server refuses or cannot be reached.
 *
 * <p>Thread-safe. A null or empty namespace means all namespaces, or a cluster-scoped resource.
 */
public final class ApiClient {
  private static final byte[] NOTHING = {};

  private final Transport transport;
  private final String agent;

  /** A client that tells the server no name of its own. */
  public ApiClient(Transport transport) {
    this(transport, "");
  }

  /**
   * @param agent the User-Agent of every request; what stands before its first slash is the manager
   *     of the fields that this client writes; empty for none
   */
  public ApiClient(Transport transport, String agent) {
    this.transport = transport;
    this.agent = agent;
  }

  public Transport transport() {
    return transport;
  }

  /**
   * One object.
   *
   * @throws ApiException also where there is none: see {@link ApiException#notFound()}
   */
  public Tree get(Resource resource, @Nullable String namespace, String name) {
    return exchange("GET", resource.path(namespace, name), null, null);
  }

  /** The object, or null where there is none. */
  public @Nullable Tree find(Resource resource, @Nullable String namespace, String name) {
    try {
      return get(resource, namespace, name);
    } catch (ApiException absent) {
      if (absent.notFound()) {
        return null;
      }
      throw absent;
    }
  }

  /** The list object; its items carry apiVersion and kind. */
  public Tree list(Resource resource, @Nullable String namespace, Query query) {
    Tree list = exchange("GET", resource.path(namespace, null) + query.text(), null, null);
    String apiVersion = resource.groupVersion().toString();
    TreeList items = list.list("items");
    for (Tree item : items.trees()) {
      item.put("apiVersion", apiVersion);
      item.put("kind", resource.kind());
    }
    return list;
  }

  /**
   * Makes an object.
   *
   * @param object not changed
   * @return the object as it was stored
   */
  public Tree create(Resource resource, @Nullable String namespace, Tree object) {
    return send("POST", resource.path(namespace, null), object);
  }

  /** Replaces the object that the tree names; fails on conflict if it has a resourceVersion. */
  public Tree update(Resource resource, Tree object) {
    return send("PUT", resource.path(Meta.namespace(object), Meta.name(object)), object);
  }

  /**
   * Replaces the status of the object of this name, whose resourceVersion must be the newest where
   * one is given.
   *
   * @param object not changed; its spec plays no part
   * @return the object as it was stored
   */
  public Tree updateStatus(Resource resource, Tree object) {
    return send(
        "PUT", resource.path(Meta.namespace(object), Meta.name(object)) + "/status", object);
  }

  /**
   * @param subresource null for the object itself, or {@code status}, {@code scale}, ...
   */
  public Tree patch(
      Resource resource,
      @Nullable String namespace,
      String name,
      @Nullable String subresource,
      PatchType type,
      Object patch,
      Query query) {
    String path = resource.path(namespace, name) + (subresource == null ? "" : "/" + subresource);
    return exchange("PATCH", path + query.text(), Json.writeAny(patch), type.mediaType());
  }

  /** Server-side apply with force. */
  public Tree apply(Resource resource, Tree object, String fieldManager) {
    return patch(
        resource,
        Meta.namespace(object),
        Meta.name(object),
        null,
        PatchType.APPLY,
        object,
        Query.none().with("fieldManager", fieldManager).with("force", "true"));
  }

  /** Posts to a subresource: {@code binding}, {@code token}, {@code eviction}, ... */
  public Tree createSubresource(
      Resource resource, @Nullable String namespace, String name, String subresource, Tree object) {
    return send("POST", resource.path(namespace, name) + "/" + subresource, object);
  }

  /** Puts a subresource other than {@code status}: {@code approval}, {@code finalize}, ... */
  public Tree updateSubresource(Resource resource, Tree object, String subresource) {
    return send(
        "PUT",
        resource.path(Meta.namespace(object), Meta.name(object)) + "/" + subresource,
        object);
  }

  /**
   * @param options a DeleteOptions, or null
   */
  public Tree delete(
      Resource resource, @Nullable String namespace, String name, @Nullable Tree options) {
    return options == null
        ? exchange("DELETE", resource.path(namespace, name), null, null)
        : send("DELETE", resource.path(namespace, name), options);
  }

  /** Deletes everything that the query selects. */
  public Tree deleteCollection(Resource resource, @Nullable String namespace, Query query) {
    return exchange("DELETE", resource.path(namespace, null) + query.text(), null, null);
  }

  /**
   * Opens a watch; the caller closes it.
   *
   * @param query may carry selectors, resourceVersion, allowWatchBookmarks, sendInitialEvents
   */
  public Watch watch(Resource resource, @Nullable String namespace, Query query) {
    String target = resource.path(namespace, null) + query.with("watch", "true").text();
    Transport.Response response = open("GET", target, NOTHING, null);
    return new Watch(Json.stream(response.body()), response.body());
  }

  /** Any request whose answer is a JSON object. */
  public Tree raw(String method, String target, @Nullable Tree body) {
    return body == null ? exchange(method, target, null, null) : send(method, target, body);
  }

  private Tree send(String method, String target, Tree body) {
    return exchange(method, target, Json.write(body), "application/json");
  }

  private Tree exchange(
      String method, String target, byte @Nullable [] body, @Nullable String contentType) {
    Transport.Response response = open(method, target, body == null ? NOTHING : body, contentType);
    try (var content = response.body()) {
      return Json.read(content.readAllBytes());
    } catch (IOException broken) {
      throw broken(method, target, broken);
    }
  }

  private Transport.Response open(
      String method, String target, byte[] body, @Nullable String contentType) {
    Map<String, String> headers = new HashMap<>();
    headers.put("accept", "application/json");
    if (!agent.isEmpty()) {
      headers.put("user-agent", agent);
    }
    if (contentType != null) {
      headers.put("content-type", contentType);
    }
    Transport.Response response;
    try {
      response = transport.exchange(new Transport.Request(method, target, headers, body));
    } catch (IOException broken) {
      throw broken(method, target, broken);
    }
    if (response.status() >= 200 && response.status() < 300) {
      return response;
    }
    try (var content = response.body()) {
      throw new ApiException(response.status(), status(content.readAllBytes()));
    } catch (IOException broken) {
      throw broken(method, target, broken);
    }
  }

  private static ApiException broken(String method, String target, IOException why) {
    String reason = why.getMessage();
    if (reason == null) { // the JDK's client says nothing where nobody listens
      reason = why instanceof ConnectException ? "connection refused" : why.toString();
    }
    return new ApiException(method + " " + target + ": " + reason, why);
  }

  private static Tree status(byte[] body) {
    try {
      return Json.read(body);
    } catch (RuntimeException notJson) {
      return Tree.of("message", new String(body, java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
