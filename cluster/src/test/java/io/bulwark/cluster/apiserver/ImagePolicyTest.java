package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.TestApi.Answer;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.ReportName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What image policies do to pods, judged by what a client is told. */
class ImagePolicyTest {
  private static final String GROUP = "/apis/image.bulwark.io/v1alpha1/";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String IMAGE = "registry.example.com/shop/web:1";
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aForeignRegistryIsRefusedInTheWordsOfTheRule() {
    policy("ClusterImagePolicy", "'allowedSources':['registry.example.com/**']");
    assertEquals(201, pod("good", IMAGE).status());
    Answer refused = pod("bad", "elsewhere.example.net/web:1");
    assertEquals(403, refused.status());
    assertEquals(
        "pods \"bad\" is forbidden: refused by ClusterImagePolicy p: image"
            + " \"elsewhere.example.net/web:1\" does not come from an allowed source"
            + " (registry.example.com/**)",
        refused.message());
    assertEquals(403, pod("short", "nginx").status());
    assertTrue(pod("short", "nginx").message().contains("docker.io/library/nginx:latest"));
  }

  @Test
  void aNamespaceCanOnlyTighten() {
    policy("ClusterImagePolicy", "'allowedSources':['registry.example.com/**']");
    policy("ImagePolicy", "'allowedSources':['**']");
    assertEquals(403, pod("bad", "elsewhere.example.net/web:1").status());
  }

  @Test
  void aClusterPolicyCoversTheNamespacesThatItSelects() {
    policy(
        "ClusterImagePolicy",
        "'allowedSources':['nowhere/**'],'namespaceSelector':{'matchLabels':{'strict':'yes'}}");
    assertEquals(201, pod("free", IMAGE).status());
    Tree label = json("{'metadata':{'labels':{'strict':'yes'}}}");
    assertEquals(
        200,
        api.send(
                "PATCH",
                "/api/v1/namespaces/default",
                "application/merge-patch+json",
                Json.text(label))
            .status());
    assertEquals(403, pod("bound", IMAGE).status());
  }

  @Test
  void anUnknownImageIsHeldAndOnlyTheKeeperLetsItGo() {
    policy("ImagePolicy", "'maximumSeverity':'Medium'");
    Answer held = pod("held", IMAGE);
    assertEquals(201, held.status());
    assertTrue(ImageGate.on(held.tree()));
    Tree open = held.tree();
    open.child("spec").remove("schedulingGates");
    Answer refused = api.send("PUT", PODS + "/held", open);
    assertEquals(403, refused.status());
    assertTrue(refused.message().contains("goes when the images are known"), refused.message());
    Tree named = spec(IMAGE);
    named.child("spec").put("nodeName", "n");
    named.child("metadata").put("name", "named");
    Answer unholdable = api.send("POST", PODS, named);
    assertEquals(403, unholdable.status());
    assertTrue(unholdable.message().contains("has not been looked into yet"));
  }

  @Test
  void aKnownImageIsJudgedAtOnceAndRunsByTheDigestThatWasJudged() {
    policy("ImagePolicy", "'maximumSeverity':'Medium'");
    report(IMAGE, "medium", "");
    Answer good = pod("good", IMAGE);
    assertEquals(201, good.status());
    assertEquals(
        IMAGE + "@" + DIGEST,
        good.tree().treeOrEmpty("spec").trees("containers").getFirst().text("image"));
    report("registry.example.com/shop/old:1", "critical", "2.0");
    Answer bad = pod("bad", "registry.example.com/shop/old:1");
    assertEquals(403, bad.status());
    assertEquals(
        "pods \"bad\" is forbidden: refused by ImagePolicy p: image"
            + " \"registry.example.com/shop/old:1@"
            + DIGEST
            + "\" has vulnerabilities above medium: CVE-2024-1"
            + " (critical) in pkg:deb/debian/x@1.0, fixed in 2.0",
        bad.message());
  }

  @Test
  void anImageThatIsChangedLaterIsJudgedAndPinnedToo() {
    policy("ImagePolicy", "'maximumSeverity':'Medium'");
    report(IMAGE, "low", "");
    report("registry.example.com/shop/web:2", "medium", "");
    report("registry.example.com/shop/old:1", "critical", "2.0");
    assertEquals(201, pod("p", IMAGE).status());
    assertEquals(403, image("p", "registry.example.com/shop/old:1").status());
    assertEquals(403, image("p", "registry.example.com/shop/unknown:1").status());
    Answer changed = image("p", "registry.example.com/shop/web:2");
    assertEquals(200, changed.status(), changed.text());
    assertEquals(
        "registry.example.com/shop/web:2@" + DIGEST,
        changed.tree().treeOrEmpty("spec").trees("containers").getFirst().text("image"));
  }

  @Test
  void aNameThatNobodyCanJudgeDoesNotPass() {
    policy("ImagePolicy", "'allowedSources':['**']");
    Answer refused = pod("odd", "registry.example.com/web@sha512:" + "ab".repeat(64));
    assertEquals(403, refused.status());
    assertTrue(refused.message().contains("cannot be judged"), refused.message());
  }

  @ParameterizedTest
  @CsvSource({"2099-01-01T00:00:00Z, 201", "2020-01-01T00:00:00Z, 403"})
  void exceptionsExpire(String expires, int status) {
    policy(
        "ImagePolicy",
        "'maximumSeverity':'Low','exceptions':[{'vulnerability':'GHSA-1','expires':'"
            + expires
            + "'}]");
    report(IMAGE, "critical", "");
    assertEquals(status, pod("p", IMAGE).status());
  }

  @Test
  void warnAndAuditLetPass() {
    policy("ImagePolicy", "'mode':'Warn','allowedSources':['nowhere/**']");
    Answer warned = pod("warned", IMAGE);
    assertEquals(201, warned.status());
    assertTrue(
        warned.headers().toString().contains("would be refused by ImagePolicy p"),
        warned.headers().toString());
  }

  @Test
  void brokenPoliciesAreRefusedWithTheFieldAndTheRule() {
    Answer both =
        send(
            "ImagePolicy",
            "'maximumAge':'soon','signatures':[{'name':'a'}],'exceptions':[{'vulnerability':'x'}]");
    assertEquals(422, both.status());
    assertTrue(both.message().contains("spec.maximumAge: Invalid value: \"soon\""), both.message());
    assertTrue(both.message().contains("exactly one of key and certificate"), both.message());
    assertTrue(both.message().contains("spec.exceptions[0].expires: Required"), both.message());
    assertEquals(422, send("ImagePolicy", "'mode':'Never'").status());
  }

  private void policy(String kind, String spec) {
    Answer made = send(kind, spec);
    assertEquals(201, made.status(), made.text());
  }

  private Answer send(String kind, String spec) {
    String path =
        kind.startsWith("Cluster")
            ? GROUP + "clusterimagepolicies"
            : GROUP + "namespaces/default/imagepolicies";
    return api.send(
        "POST",
        path,
        json(
            "{'apiVersion':'image.bulwark.io/v1alpha1','kind':'"
                + kind
                + "','metadata':{'name':'p'},'spec':{"
                + spec
                + "}}"));
  }

  private void report(String image, String severity, String fixed) {
    api.client()
        .create(
            Resources.VULNERABILITY_REPORTS,
            "default",
            json(
                "{'apiVersion':'image.bulwark.io/v1alpha1','kind':'VulnerabilityReport',"
                    + "'metadata':{'name':'"
                    + ReportName.of(image)
                    + "'},'report':{'image':'"
                    + image
                    + "','digest':'"
                    + DIGEST
                    + "','findings':[{'id':'CVE-2024-1','aliases':['GHSA-1'],'severity':'"
                    + severity
                    + "','component':'pkg:deb/debian/x@1.0','fixedVersion':'"
                    + fixed
                    + "'}]}}"));
  }

  private Answer pod(String name, String image) {
    Tree pod = spec(image);
    pod.child("metadata").put("name", name);
    return api.send("POST", PODS, pod);
  }

  private Answer image(String pod, String image) {
    Tree patch = json("{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}");
    return api.send(
        "PATCH", PODS + "/" + pod, "application/strategic-merge-patch+json", Json.text(patch));
  }

  private static Tree spec(String image) {
    return json(
        "{'apiVersion':'v1','kind':'Pod','metadata':{},'spec':{'containers':[{'name':'c','image':'"
            + image
            + "'}]}}");
  }

  private static Tree json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theKindsAreDescribed() {
    Answer document = api.send("GET", "/openapi/v3/apis/image.bulwark.io/v1alpha1");
    assertEquals(200, document.status());
    for (String name : List.of("ImagePolicy", "ClusterImagePolicy", "NodeInventory")) {
      assertTrue(document.text().contains("io.bulwark.api.image.v1alpha1." + name), name);
    }
    assertTrue(document.text().contains("highest severity of a vulnerability"));
  }
}
