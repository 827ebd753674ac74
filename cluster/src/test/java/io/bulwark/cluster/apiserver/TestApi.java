package io.bulwark.cluster.apiserver;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authn.TrustedSenders;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.NodeReferences;
import io.bulwark.cluster.apiserver.authz.StoredRbac;
import io.bulwark.cluster.apiserver.request.Target;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An API server with real stages over a store in memory. */
final class TestApi implements AutoCloseable {
  private static final Credentials.Component ADMINISTRATOR =
      new Credentials.Component("admin", List.of("system:masters"));

  private final Store store = new InMemory(InstantSource.system());
  private final StoredRbac rbac = new StoredRbac(store);
  private final NodeReferences references = new NodeReferences(store);
  private final ApiServer server =
      new ApiServer(
          store,
          new Security(
              TrustedSenders::authenticate,
              new Authorization(rbac, references),
              new Admission(List.of())),
          ApiServerSettings.standard("192.0.2.1", 6443));

  static TestApi started() throws InterruptedException {
    TestApi api = new TestApi();
    api.server.start();
    return api;
  }

  ApiServer server() {
    return server;
  }

  Store store() {
    return store;
  }

  ApiClient client() {
    return new ApiClient(server.componentTransport("admin", List.of("system:masters")));
  }

  /**
   * @param status of the response
   */
  record Answer(int status, Map<String, String> headers, String text) {
    Tree tree() {
      return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    String message() {
      return tree().textOrEmpty("message");
    }
  }

  Answer send(String method, String target) {
    return send(method, target, "", "");
  }

  Answer send(String method, String target, Tree body) {
    return send(method, target, "application/json", Json.text(body));
  }

  Answer send(String method, String target, String contentType, String body) {
    return send(
        method, target, contentType, body.getBytes(StandardCharsets.UTF_8), "application/json");
  }

  Answer send(String method, String target, String contentType, byte[] body, String accept) {
    Target parsed = Target.parse(target);
    Map<String, String> headers = new HashMap<>();
    headers.put("accept", accept);
    headers.put("user-agent", "test/1");
    if (!contentType.isEmpty()) {
      headers.put("content-type", contentType);
    }
    Outgoing outgoing =
        server.handle(
            new Incoming(method, parsed.path(), parsed.query(), headers, body, ADMINISTRATOR, "@"));
    if (!(outgoing instanceof Outgoing.Complete complete)) {
      throw new AssertionError(outgoing);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    complete.body().forEach(s -> bytes.write(s.bytes(), s.offset(), s.length()));
    return new Answer(
        complete.status(), complete.headers(), bytes.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
    rbac.close();
    references.close();
    store.close();
  }
}
