package io.bulwark.cluster.controller.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informers;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.apiserver.TestApi;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.image.inspect.Inspector;
import io.bulwark.cluster.image.inspect.LiveDatabase;
import io.bulwark.cluster.image.inspect.LiveReaders;
import io.bulwark.cluster.image.inspect.ReportDocuments;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.ReportName;
import io.bulwark.cluster.image.signature.Cosign;
import io.bulwark.cluster.image.vulnerability.Data;
import io.bulwark.cluster.image.vulnerability.feed.Import;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller on a real API server, real data and root file systems in place of registries. */
class ImageControllerTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String NAMESPACE = "default";

  @TempDir private Path directory;

  private TestApi api;
  private Informers informers;
  private LiveDatabase data;
  private ImageController controller;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
    ApiClient asController =
        new ApiClient(
            api.server()
                .componentTransport(
                    ImageGate.KEEPER,
                    List.of("system:serviceaccounts", "system:serviceaccounts:kube-system")));
    informers = new Informers(api.client());
    data = new LiveDatabase(directory.resolve("db"));
    controller =
        new ImageController(
            new ControllerContext(
                asController,
                informers,
                new EventRecorder(asController, ImageController.NAME, CLOCK),
                CLOCK),
            new Inspector(
                new DirectoryImages(directory),
                new LiveReaders(_ -> null, data),
                data,
                new Cosign(CLOCK)),
            new ReportDocuments(directory.resolve("documents")),
            "v1");
    api.server().show(controller);
    image("good", "3.0.17-1~deb12u2");
    image("bad", "3.0.9-1");
    advisories("CVE-2023-0286", "3.0.10-1");
    controller.start();
  }

  @AfterEach
  void stop() {
    controller.close();
    informers.close();
    data.close();
    api.close();
  }

  @Test
  void aHeldPodGoesOnceItsImageIsKnownToBeGood() {
    policy("'maximumSeverity':'Medium'");
    pod("waits", "registry.example.com/good:1");
    await(Resources.PODS, "waits", pod -> !ImageGate.on(pod));
    Tree report =
        get(Resources.VULNERABILITY_REPORTS, ReportName.of("registry.example.com/good:1"));
    assertEquals(1, report.number(0, "report", "components"));
    assertEquals(0, report.number(-1, "report", "summary", "critical"));
  }

  @Test
  void aPodWithABadImageStaysAndSaysWhy() {
    policy("'maximumSeverity':'Medium'");
    pod("stays", "registry.example.com/bad:1");
    Tree pod =
        await(
            Resources.PODS, "stays", p -> condition(p).textOrEmpty("reason").endsWith("Violated"));
    assertTrue(ImageGate.on(pod));
    assertTrue(
        condition(pod).textOrEmpty("message").contains("CVE-2023-0286"),
        condition(pod).textOrEmpty("message"));
    assertTrue(condition(pod).textOrEmpty("message").contains("fixed in 3.0.10-1"));
    Tree policy =
        await(
            Resources.IMAGE_POLICIES,
            "p",
            p -> !p.treeOrEmpty("status").trees("violations").isEmpty());
    assertEquals(1, policy.number(0, "status", "pods"));
  }

  @Test
  void anImageThatIsNowhereKeepsThePodAndSaysSo() {
    policy("'maximumSeverity':'Medium'");
    pod("lost", "registry.example.com/none:1");
    Tree pod =
        await(
            Resources.PODS,
            "lost",
            p -> condition(p).textOrEmpty("message").contains("there is no such image"));
    assertEquals("ImageUnknown", condition(pod).text("reason"));
    assertTrue(ImageGate.on(pod));
  }

  @Test
  void newDataChangesTheReportAndTellsTheOwner() throws Exception {
    pod("runs", "registry.example.com/good:1");
    running("runs");
    String name = ReportName.of("registry.example.com/good:1");
    await(Resources.VULNERABILITY_REPORTS, name, r -> r.number(1, "report", "components") == 1);
    advisories("CVE-2026-0001", "3.0.99-1");
    controller.dataChanged();
    await(
        Resources.VULNERABILITY_REPORTS,
        name,
        r -> !r.treeOrEmpty("report").trees("findings").isEmpty());
    LiveCluster.await(
        "an event",
        () ->
            api.client().list(Resources.EVENTS, NAMESPACE, Query.none()).trees("items").stream()
                .anyMatch(
                    event ->
                        event.textOrEmpty("reason").equals("NewVulnerabilities")
                            && event.textOrEmpty("message").contains("CVE-2026-0001")));
  }

  /** What was judged is one of the images of an index: nodes of other architectures get none. */
  @Test
  void aPodRunsOnNodesOfTheArchitectureThatWasJudged() throws Exception {
    for (String name : List.of("many", "many2", "many3")) {
      image(name, "3.0.17-1~deb12u2");
    }
    pod("keeps", "registry.example.com/many:1");
    running("keeps");
    await(
        Resources.VULNERABILITY_REPORTS,
        ReportName.of("registry.example.com/many:1"),
        report -> report.textOrEmpty("report", "architecture").equals("arm64"));
    policy("'resolveDigests':true");
    pod("known", "registry.example.com/many:1");
    placed(get(Resources.PODS, "known"), "registry.example.com/many:1");
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> pod("elsewhere", "registry.example.com/many:1", "'kubernetes.io/arch':'amd64'"));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("was looked into for arm64, and the pod asks for nodes of amd64"),
        refused.toString());
    pod("fits", "registry.example.com/many:1", "'kubernetes.io/arch':'arm64'");
    pod("held", "registry.example.com/many2:1");
    placed(
        await(Resources.PODS, "held", pod -> !ImageGate.on(pod)), "registry.example.com/many2:1");
    pod("waits", "registry.example.com/many3:1", "'kubernetes.io/arch':'amd64'");
    Tree waits =
        await(
            Resources.PODS, "waits", p -> condition(p).textOrEmpty("reason").endsWith("Violated"));
    assertTrue(ImageGate.on(waits));
    pod("one", "registry.example.com/good:1");
    Tree one = await(Resources.PODS, "one", pod -> !ImageGate.on(pod));
    assertFalse(one.treeOrEmpty("spec").has("nodeSelector"));
  }

  private static void placed(Tree pod, String image) {
    assertFalse(ImageGate.on(pod));
    assertEquals(
        image + "@sha256:" + "d".repeat(64),
        pod.treeOrEmpty("spec").trees("containers").getFirst().text("image"));
    assertEquals("arm64", pod.treeOrEmpty("spec", "nodeSelector").text("kubernetes.io/arch"));
  }

  @Test
  void archivesWithoutMetadataAreKnownByDigestsThatWereImported() throws Exception {
    Path jar = Files.createDirectories(directory.resolve("jar/app")).resolve("renamed.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("a/B.class"));
      zip.write(new byte[] {1, 2, 3});
    }
    pod("java", "registry.example.com/jar:1");
    running("java");
    String name = ReportName.of("registry.example.com/jar:1");
    await(Resources.VULNERABILITY_REPORTS, name, r -> r.treeOrEmpty("report").has("components"));
    String sha1 =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-1").digest(Files.readAllBytes(jar)));
    Path digests = directory.resolve("digests");
    Files.writeString(digests, sha1 + " org.example:told:1.2.3\n");
    Path advisory = directory.resolve("told.json");
    Files.writeString(
        advisory,
        Data.osv(
            "CVE-2026-0007",
            "",
            "Maven",
            "org.example:told",
            "{\"introduced\": \"0\"}, {\"fixed\": \"2\"}"));
    new Import(directory.resolve("db"), CLOCK).run(List.of(digests, advisory));
    controller.dataChanged();
    Tree report =
        await(
            Resources.VULNERABILITY_REPORTS,
            name,
            r -> !r.treeOrEmpty("report").trees("findings").isEmpty());
    Tree finding = report.treeOrEmpty("report").trees("findings").getFirst();
    assertEquals("pkg:maven/org.example/told@1.2.3", finding.text("component"));
  }

  @Test
  void aRunningPodThatBecomesBadIsEvictedWhereThePolicyDrains() throws Exception {
    policy("'maximumSeverity':'Medium','running':'Drain'");
    pod("leaves", "registry.example.com/good:1");
    await(Resources.PODS, "leaves", pod -> !ImageGate.on(pod));
    running("leaves");
    advisories("CVE-2026-0002", "3.0.99-1");
    controller.dataChanged();
    LiveCluster.await(
        "the pod to go", () -> api.client().find(Resources.PODS, NAMESPACE, "leaves") == null);
    LiveCluster.await("its owner to hear why", () -> told("ImagePolicyViolated", "CVE-2026-0002"));
  }

  @Test
  void aDrainWaitsForTheDisruptionBudget() throws Exception {
    policy("'maximumSeverity':'Medium','running':'Drain'");
    pod("guarded", "registry.example.com/good:1");
    await(Resources.PODS, "guarded", pod -> !ImageGate.on(pod));
    running("guarded");
    api.client()
        .create(
            Resources.POD_DISRUPTION_BUDGETS,
            NAMESPACE,
            json(
                "{'apiVersion':'policy/v1','kind':'PodDisruptionBudget',"
                    + "'metadata':{'name':'all'},'spec':{'minAvailable':1,'selector':{}}}"));
    allow(0);
    advisories("CVE-2026-0004", "3.0.99-1");
    controller.dataChanged();
    LiveCluster.await("its owner to hear why", () -> told("ImagePolicyViolated", "CVE-2026-0004"));
    LiveCluster.await(
        "an eviction to be refused",
        () ->
            api.send("GET", "/metrics")
                .text()
                .lines()
                .anyMatch(line -> line.contains("eviction") && line.contains("\"429\"")));
    assertTrue(
        get(Resources.PODS, "guarded").textOrEmpty("metadata", "deletionTimestamp").isEmpty());
    allow(1);
    LiveCluster.await(
        "the pod to go", () -> api.client().find(Resources.PODS, NAMESPACE, "guarded") == null);
  }

  /** Does the work of the disruption controller. */
  private void allow(int disruptions) {
    Tree status =
        Tree.of(
            "status",
            Tree.of(
                "disruptionsAllowed", (long) disruptions,
                "currentHealthy", (long) disruptions,
                "desiredHealthy", 1L,
                "expectedPods", 1L,
                "observedGeneration", 1L));
    api.client()
        .patch(
            Resources.POD_DISRUPTION_BUDGETS,
            NAMESPACE,
            "all",
            "status",
            PatchType.MERGE,
            status,
            Query.none());
  }

  @Test
  void aRunningPodThatBecomesBadStaysWhereThePolicyOnlyReports() throws Exception {
    policy("'maximumSeverity':'Medium'");
    pod("stays", "registry.example.com/good:1");
    await(Resources.PODS, "stays", pod -> !ImageGate.on(pod));
    running("stays");
    advisories("CVE-2026-0003", "3.0.99-1");
    controller.dataChanged();
    LiveCluster.await("its owner to hear why", () -> told("ImagePolicyViolated", "CVE-2026-0003"));
    await(
        Resources.IMAGE_POLICIES,
        "p",
        p -> Json.text(p.treeOrEmpty("status")).contains("CVE-2026-0003"));
    assertTrue(get(Resources.PODS, "stays").textOrEmpty("metadata", "deletionTimestamp").isEmpty());
  }

  @Test
  void whatIsWrongIsCountedAndDocumented() {
    pod("runs", "registry.example.com/bad:1");
    running("runs");
    String name = ReportName.of("registry.example.com/bad:1");
    await(Resources.VULNERABILITY_REPORTS, name, r -> true);
    LiveCluster.await(
        "the counts",
        () ->
            api.send("GET", "/metrics")
                .text()
                .contains(
                    "bulwark_image_findings{namespace=\"default\",severity=\"critical\"} 1\n"));
    String reports = "/apis/image.bulwark.io/v1alpha1/namespaces/default/vulnerabilityreports/";
    Tree document = api.send("GET", reports + name + "/cyclonedx").tree();
    assertEquals("CycloneDX", document.text("bomFormat"));
    assertTrue(Json.text(document).contains("pkg:deb/debian/libssl3@3.0.9-1"));
    assertTrue(Json.text(document).contains("CVE-2023-0286"));
    assertEquals(404, api.send("GET", reports + "none/cyclonedx").status());
    assertEquals(405, api.send("DELETE", reports + name + "/cyclonedx").status());
  }

  private boolean told(String reason, String words) {
    return api.client().list(Resources.EVENTS, NAMESPACE, Query.none()).trees("items").stream()
        .anyMatch(
            event ->
                event.textOrEmpty("reason").equals(reason)
                    && event.textOrEmpty("message").contains(words));
  }

  @Test
  void aReportGoesWithTheLastPod() {
    pod("short", "registry.example.com/good:1");
    running("short");
    String name = ReportName.of("registry.example.com/good:1");
    await(Resources.VULNERABILITY_REPORTS, name, r -> true);
    api.client()
        .delete(
            Resources.PODS,
            NAMESPACE,
            "short",
            Tree.of("apiVersion", "v1", "kind", "DeleteOptions", "gracePeriodSeconds", 0L));
    LiveCluster.await(
        "the report to go",
        () -> api.client().find(Resources.VULNERABILITY_REPORTS, NAMESPACE, name) == null);
  }

  @Test
  void aNodeIsJudgedByItsPackagesAndItsVersion() {
    Tree inventory =
        json(
            "{'apiVersion':'image.bulwark.io/v1alpha1','kind':'NodeInventory',"
                + "'metadata':{'name':'n'},'inventory':{'bulwark':'v0',"
                + "'operatingSystem':{'id':'debian','version':'12','name':'Debian 12'},"
                + "'packages':[{'name':'libssl3','version':'3.0.9-1','source':'openssl'}]}}");
    api.client().create(Resources.NODE_INVENTORIES, null, inventory);
    LiveCluster.await(
        "a judgement",
        () -> {
          Tree node = api.client().get(Resources.NODE_INVENTORIES, null, "n");
          String text = Json.text(node.treeOrEmpty("status"));
          return text.contains("CVE-2023-0286")
              && text.contains("VersionSkew")
              && text.contains("would mend 1")
              && text.contains("Debian 12 is supported until 2028-06-30");
        });
  }

  private void image(String name, String version) throws IOException {
    Path root = directory.resolve(name);
    Files.createDirectories(root.resolve("etc"));
    Files.createDirectories(root.resolve("var/lib/dpkg"));
    Files.writeString(
        root.resolve("etc/os-release"),
        "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n");
    Files.writeString(
        root.resolve("var/lib/dpkg/status"),
        "Package: libssl3\nStatus: install ok installed\nSource: openssl\nVersion: "
            + version
            + "\nArchitecture: amd64\n");
  }

  private void advisories(String id, String fixed) throws IOException {
    Path file = directory.resolve(id + ".json");
    Files.writeString(
        file,
        Json.text(
            json(
                "{'id':'"
                    + id
                    + "','modified':'2026-01-01T00:00:00Z','severity':[{'type':'CVSS_V3',"
                    + "'score':'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'}],"
                    + "'affected':[{'package':{'ecosystem':'Debian:12','name':'openssl'},"
                    + "'ranges':[{'type':'ECOSYSTEM','events':[{'introduced':'0'},{'fixed':'"
                    + fixed
                    + "'}]}]}]}")));
    new Import(directory.resolve("db"), CLOCK).run(List.of(file));
  }

  private void policy(String spec) {
    api.client()
        .create(
            Resources.IMAGE_POLICIES,
            NAMESPACE,
            json(
                "{'apiVersion':'image.bulwark.io/v1alpha1','kind':'ImagePolicy',"
                    + "'metadata':{'name':'p'},'spec':{"
                    + spec
                    + "}}"));
  }

  private void pod(String name, String image) {
    pod(name, image, "");
  }

  private void pod(String name, String image, String selector) {
    Tree pod =
        json(
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'"
                + name
                + "'},'spec':{'containers':[{'name':'c','image':'"
                + image
                + "'}],'nodeSelector':{"
                + selector
                + "}}}");
    if (selector.isEmpty()) {
      pod.child("spec").remove("nodeSelector");
    }
    assertNotNull(api.client().create(Resources.PODS, NAMESPACE, pod));
  }

  private void running(String name) {
    api.client()
        .patch(
            Resources.PODS,
            NAMESPACE,
            name,
            "status",
            PatchType.MERGE,
            Tree.of("status", Tree.of("phase", "Running")),
            Query.none());
  }

  private Tree get(Resource resource, String name) {
    return api.client().get(resource, NAMESPACE, name);
  }

  private Tree await(Resource resource, String name, java.util.function.Predicate<Tree> right) {
    LiveCluster.await(
        resource.kind() + " " + name,
        () -> {
          Tree found = api.client().find(resource, NAMESPACE, name);
          return found != null && right.test(found);
        });
    return get(resource, name);
  }

  private static Tree condition(Tree pod) {
    TreeList conditions = pod.list("status", "conditions");
    return conditions.trees().stream()
        .filter(c -> c.textOrEmpty("type").equals("image.bulwark.io/Admitted"))
        .findFirst()
        .orElseGet(Tree::new);
  }

  private static Tree json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
