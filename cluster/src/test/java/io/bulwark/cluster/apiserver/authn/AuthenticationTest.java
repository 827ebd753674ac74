package io.bulwark.cluster.apiserver.authn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.NodeReferences;
import io.bulwark.cluster.apiserver.authz.StoredRbac;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.review.TokenReviews;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.apiserver.token.TokenKeys;
import io.bulwark.cluster.apiserver.token.TokenRequests;
import io.bulwark.cluster.apiserver.token.TokenVerifier;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.ServerNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final ServerNames NAMES = new ServerNames("cluster.local", List.of(), List.of());

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private final Store store = new InMemory(InstantSource.system());

  @TempDir Path directory;

  private Pki pki;
  private StoredRbac rbac;
  private NodeReferences references;
  private Authentication authentication;
  private BearerTokens tokens;
  private TokenRequests requests;

  @BeforeEach
  void open() throws Exception {
    pki = Pki.open(directory, NAMES, clock);
    put("/serviceaccounts/", "{'metadata':{'name':'robot','namespace':'shop','uid':'sa1'}}");
    put("/nodes/", "{'metadata':{'name':'n1','uid':'node1'}}");
    put(
        "/pods/",
        "{'metadata':{'name':'p','namespace':'shop','uid':'pod1'},'spec':{'nodeName':'n1',"
            + "'serviceAccountName':'robot'}}");
    put(
        "/clusterroles.rbac.authorization.k8s.io/",
        "{'metadata':{'name':'actor'},'rules':[{'apiGroups':[''],'resources':['users','groups'],"
            + "'verbs':['impersonate'],'resourceNames':['eve','devs']}]}");
    put(
        "/clusterrolebindings.rbac.authorization.k8s.io/",
        "{'metadata':{'name':'actor'},'roleRef':{'kind':'ClusterRole','name':'actor'},"
            + "'subjects':[{'kind':'User','name':'ann'}]}");
    StoredObjects objects = new StoredObjects(store);
    TokenKeys keys = new TokenKeys(pki::tokenKeys);
    rbac = new StoredRbac(store);
    references = new NodeReferences(store);
    tokens =
        new BearerTokens(
            new TokenVerifier(keys, ISSUER, objects, clock),
            new BootstrapTokens(objects, clock),
            List.of(ISSUER));
    authentication =
        new Authentication(
            new ClientCertificates(pki::authority, clock),
            tokens,
            new Authorization(rbac, references));
    requests = new TokenRequests(keys, ISSUER, objects, clock);
  }

  @AfterEach
  void close() {
    rbac.close();
    references.close();
    store.close();
  }

  @Test
  void certificatesNameUsersAndGroups() throws Exception {
    Subject admin = sender(with(pki.admin()));
    assertEquals("kubernetes-admin", admin.name());
    assertEquals(List.of("system:masters", "system:authenticated"), admin.groups());
    Identity ann = pki.client("ann", "ann", List.of("devs", "ops"));
    assertEquals(List.of("devs", "ops", "system:authenticated"), sender(with(ann)).groups());
  }

  @Test
  void otherCertificatesAreRefused(@TempDir Path elsewhere) throws Exception {
    assertRefused(with(pki.server()));
    assertRefused(with(Pki.open(elsewhere, NAMES, clock).admin()));
    Incoming good = with(pki.admin());
    assertEquals("kubernetes-admin", sender(good).name());
    now.updateAndGet(time -> time.plus(Duration.ofDays(366)));
    assertRefused(good);
    now.updateAndGet(time -> time.minus(Duration.ofDays(367)));
    assertRefused(good);
  }

  @Test
  void boundTokenEndsWithItsPod() {
    String token = podToken(3600);
    Subject robot = sender(bearer(token));
    assertEquals("system:serviceaccount:shop:robot", robot.name());
    assertEquals("sa1", robot.uid());
    assertEquals(
        List.of("system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"),
        robot.groups());
    assertEquals(List.of("p"), robot.extra().get("authentication.kubernetes.io/pod-name"));
    assertEquals(List.of("pod1"), robot.extra().get("authentication.kubernetes.io/pod-uid"));
    assertEquals(List.of("n1"), robot.extra().get("authentication.kubernetes.io/node-name"));
    delete("/pods/shop/p");
    assertRefused(bearer(token));
  }

  @Test
  void tokenEndsWithItsTimeAndItsAccount() {
    String token = podToken(600);
    assertEquals("sa1", sender(bearer(token)).uid());
    now.updateAndGet(time -> time.plusSeconds(599));
    assertEquals("sa1", sender(bearer(token)).uid());
    now.updateAndGet(time -> time.plusSeconds(2));
    assertRefused(bearer(token));
    String fresh = podToken(600);
    delete("/serviceaccounts/shop/robot");
    put("/serviceaccounts/", "{'metadata':{'name':'robot','namespace':'shop','uid':'sa2'}}");
    assertRefused(bearer(fresh));
  }

  @Test
  void forgedTokensAndOtherAudiencesAreRefused() {
    String token = podToken(3600);
    assertRefused(bearer(token.substring(0, token.length() - 6) + "AAAAAA"));
    String[] parts = token.split("\\.", -1);
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    assertRefused(bearer(none + "." + parts[1] + "."));
    assertRefused(bearer("nonsense"));
    Tree request = json("{'spec':{'audiences':['vault']}}");
    String vault = requests.issue("shop", "robot", request).textOrEmpty("status", "token");
    assertRefused(bearer(vault));
    Tree review =
        new TokenReviews(tokens)
            .answer(json("{'spec':{'audiences':['vault','x'],'token':'" + vault + "'}}"));
    assertTrue(review.flag("status", "authenticated"));
    assertEquals(List.of("vault"), review.texts("status", "audiences"));
    assertEquals("system:serviceaccount:shop:robot", review.text("status", "user", "username"));
  }

  @Test
  void tokenRequestsKeepTheirBounds() {
    assertEquals(
        "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value:"
            + " 599: may not specify a duration less than 10 minutes",
        refusedRequest("{'spec':{'expirationSeconds':599}}"));
    assertEquals(
        "Operation cannot be fulfilled on pods \"p\": the UID in the bound object reference"
            + " (other) does not match the UID in record. The object might have been deleted and"
            + " then recreated",
        refusedRequest("{'spec':{'boundObjectRef':{'kind':'Pod','name':'p','uid':'other'}}}"));
    assertEquals(
        "pods \"q\" not found",
        refusedRequest("{'spec':{'boundObjectRef':{'kind':'Pod','name':'q'}}}"));
    assertEquals(
        "cannot bind token to object of type Service",
        refusedRequest("{'spec':{'boundObjectRef':{'kind':'Service','name':'p'}}}"));
  }

  @Test
  void bootstrapTokensJoinUntilTheyExpire() {
    put("/secrets/", bootstrapSecret("abcdef", "system:bootstrappers:x"));
    put("/secrets/", bootstrapSecret("badbad", "system:masters"));
    Subject joining = sender(bearer("abcdef.0123456789abcdef"));
    assertEquals("system:bootstrap:abcdef", joining.name());
    assertEquals(
        List.of("system:bootstrappers", "system:bootstrappers:x", "system:authenticated"),
        joining.groups());
    assertRefused(bearer("abcdef.0123456789abcdee"));
    assertRefused(bearer("badbad.0123456789abcdef"));
    now.set(Instant.parse("2100-01-01T00:00:01Z"));
    assertRefused(bearer("abcdef.0123456789abcdef"));
  }

  @Test
  void nobodyIsAnonymousOnlyForHealthAndVersion() {
    for (String path : List.of("/healthz", "/livez", "/readyz", "/version")) {
      assertEquals("system:anonymous", sender(request(path, Map.of())).name());
      assertRefused(request(path, Map.of("authorization", "Bearer wrong")));
    }
    for (String path : List.of("/", "/api", "/metrics", "/healthz/ping", "/api/v1/pods")) {
      assertRefused(request(path, Map.of()));
    }
  }

  @Test
  void impersonationNeedsTheRight() throws Exception {
    Identity ann = pki.client("ann", "ann", List.of());
    Authenticated eve =
        authentication.authenticate(
            with(ann, Map.of("impersonate-user", "eve", "impersonate-group", "devs")));
    assertEquals("eve", eve.subject().name());
    assertEquals(List.of("devs", "system:authenticated"), eve.subject().groups());
    Subject impersonator = eve.impersonator();
    assertNotNull(impersonator);
    assertEquals("ann", impersonator.name());
    assertEquals(
        "users \"root\" is forbidden: User \"ann\" cannot impersonate resource \"users\" in API"
            + " group \"\" at the cluster scope",
        refused(with(ann, Map.of("impersonate-user", "root"))));
    assertEquals(
        "groups \"system:masters\" is forbidden: User \"ann\" cannot impersonate resource"
            + " \"groups\" in API group \"\" at the cluster scope",
        refused(
            with(ann, Map.of("impersonate-user", "eve", "impersonate-group", "system:masters"))));
    assertEquals(
        "groups \"devs,devs\" is forbidden: User \"ann\" cannot impersonate resource \"groups\" in"
            + " API group \"\" at the cluster scope",
        refused(with(ann, Map.of("impersonate-user", "eve", "impersonate-group", "devs,devs"))));
    Incoming twice =
        new Incoming(
            "GET",
            "/api/v1/pods",
            Map.of(),
            Map.of("impersonate-user", "eve", "impersonate-group", "devs,devs"),
            Map.of("impersonate-group", List.of("devs", "devs")),
            new byte[0],
            new Credentials.Certificate(List.of(ann.certificate())),
            "192.0.2.1");
    assertTrue(authentication.authenticate(twice).subject().groups().contains("devs"));
  }

  private String podToken(long seconds) {
    Tree request =
        json(
            "{'spec':{'expirationSeconds':"
                + seconds
                + ",'boundObjectRef':{'kind':'Pod','name':'p','uid':'pod1'}}}");
    return requests.issue("shop", "robot", request).textOrEmpty("status", "token");
  }

  private String refusedRequest(String request) {
    Rejected rejected =
        assertThrows(Rejected.class, () -> requests.issue("shop", "robot", json(request)));
    return Statuses.of(rejected.failure()).textOrEmpty("message");
  }

  private static String bootstrapSecret(String id, String group) {
    return "{'metadata':{'name':'bootstrap-token-"
        + id
        + "','namespace':'kube-system'},'type':'bootstrap.kubernetes.io/token','data':{"
        + data("token-id", id)
        + ","
        + data("token-secret", "0123456789abcdef")
        + ","
        + data("usage-bootstrap-authentication", "true")
        + ","
        + data("expiration", "2100-01-01T00:00:00Z")
        + ","
        + data("auth-extra-groups", group)
        + "}}";
  }

  private static String data(String key, String value) {
    return "'"
        + key
        + "':'"
        + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
        + "'";
  }

  private Subject sender(Incoming incoming) {
    return authentication.authenticate(incoming).subject();
  }

  private void assertRefused(Incoming incoming) {
    assertEquals("Unauthorized", refused(incoming));
  }

  private String refused(Incoming incoming) {
    Rejected rejected = assertThrows(Rejected.class, () -> authentication.authenticate(incoming));
    return Statuses.of(rejected.failure()).textOrEmpty("message");
  }

  private static Incoming with(Identity identity) {
    return with(identity, Map.of());
  }

  private static Incoming with(Identity identity, Map<String, String> headers) {
    return new Incoming(
        "GET",
        "/api/v1/pods",
        Map.of(),
        headers,
        new byte[0],
        new Credentials.Certificate(List.of(identity.certificate())),
        "192.0.2.1");
  }

  private static Incoming bearer(String token) {
    return request("/api/v1/pods", Map.of("authorization", "Bearer " + token));
  }

  private static Incoming request(String path, Map<String, String> headers) {
    return new Incoming(
        "GET", path, Map.of(), headers, new byte[0], new Credentials.None(), "192.0.2.1");
  }

  private void put(String prefix, String text) {
    Tree object = json(text);
    store.create(prefix + Meta.key(object), Json.write(object), null);
  }

  private void delete(String key) {
    var entry = store.get(key);
    assertNotNull(entry);
    store.delete(key, entry.revision());
  }

  private static Tree json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
