package io.bulwark.cluster.apiserver;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authn.BearerTokens;
import io.bulwark.cluster.apiserver.authn.BootstrapTokens;
import io.bulwark.cluster.apiserver.authn.TrustedSenders;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.NodeReferences;
import io.bulwark.cluster.apiserver.authz.StoredRbac;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.request.Target;
import io.bulwark.cluster.apiserver.review.TokenReviews;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.apiserver.stream.NodeDialer;
import io.bulwark.cluster.apiserver.token.OpenIdDocuments;
import io.bulwark.cluster.apiserver.token.TokenKeys;
import io.bulwark.cluster.apiserver.token.TokenRequests;
import io.bulwark.cluster.apiserver.token.TokenVerifier;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server with real stages over a store in memory. */
public final class TestApi implements AutoCloseable {
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final Credentials.Component ADMINISTRATOR =
      new Credentials.Component("admin", List.of("system:masters"));

  private final Store store = new InMemory(InstantSource.system());
  private final StoredRbac rbac = new StoredRbac(store);
  private final NodeReferences references = new NodeReferences(store);
  private final List<Tree> audited = new CopyOnWriteArrayList<>();
  private final ApiServer server;
  private volatile boolean auditBroken;

  private TestApi() throws GeneralSecurityException {
    InstantSource clock = InstantSource.system();
    StoredObjects objects = new StoredObjects(store);
    Authorization authorization = new Authorization(rbac, references);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    TokenKeys keys = new TokenKeys(generator.generateKeyPair());
    BearerTokens tokens =
        new BearerTokens(
            new TokenVerifier(keys, ISSUER, objects, clock),
            new BootstrapTokens(objects, clock),
            List.of(ISSUER));
    server =
        new ApiServer(
            store,
            new Security(
                TrustedSenders::authenticate,
                authorization,
                Admission.standard(objects, authorization, InstantSource.system()),
                new Tokens(
                    new TokenReviews(tokens),
                    new TokenRequests(keys, ISSUER, objects, clock),
                    new OpenIdDocuments(ISSUER, keys)),
                this::audit),
            new NodeDialer(
                () -> {
                  throw new IllegalStateException("no nodes here");
                }),
            ApiServerSettings.standard("192.0.2.1", 6443));
  }

  public static TestApi started() throws Exception {
    TestApi api = new TestApi();
    api.server.start();
    api.send(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts",
        Tree.of(
            "apiVersion", "v1", "kind", "ServiceAccount", "metadata", Tree.of("name", "default")));
    return api;
  }

  public ApiServer server() {
    return server;
  }

  private void audit(Tree event) {
    if (auditBroken) {
      throw new IllegalStateException("the audit log is broken");
    }
    audited.add(event);
  }

  /** Every later request finds an audit log that throws. */
  void breakAudit() {
    auditBroken = true;
  }

  List<Tree> audited() {
    return audited;
  }

  Store store() {
    return store;
  }

  public ApiClient client() {
    return new ApiClient(server.componentTransport("admin", List.of("system:masters")));
  }

  /**
   * @param status of the response
   */
  public record Answer(int status, Map<String, String> headers, String text) {
    public Tree tree() {
      return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    String message() {
      return tree().textOrEmpty("message");
    }
  }

  public Answer send(String method, String target) {
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
