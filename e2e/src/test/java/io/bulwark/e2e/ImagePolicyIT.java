package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.e2e.TestCluster.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Image policies on real images: from a registry over TLS into real containers, or not. */
@ExtendWith(TestCluster.class)
class ImagePolicyIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String ADMITTED =
      "jsonpath={.status.conditions[?(@.type==\"image.bulwark.io/Admitted\")].message}";

  private static LoopbackRegistry registry;
  private static KeyPair key;
  private static String goodDigest;

  @BeforeAll
  static void prepare(Running cluster) throws Exception {
    registry = new LoopbackRegistry(cluster.scratch());
    registry.trustedBy(cluster.directory());
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    key = generator.generateKeyPair();
    registry.push("bad:1", layout(cluster, "bad", "3.0.9-1"));
    goodDigest = registry.push("good:1", layout(cluster, "good", "3.0.17-1~deb12u2"));
    registry.push("unsigned:1", layout(cluster, "unsigned", "3.0.17-1~deb12u2"));
    registry.sign("good", goodDigest, key);
    Path advisory = cluster.scratch().resolve("CVE-2023-0286.json");
    Files.writeString(
        advisory,
        """
        {"id": "CVE-2023-0286", "modified": "2024-01-01T00:00:00Z",
         "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H"}],
         "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"},
           "ranges": [{"type": "ECOSYSTEM",
             "events": [{"introduced": "0"}, {"fixed": "3.0.10-1"}]}]}]}
        """);
    Program.run(
            "vulndb",
            "import",
            advisory.toString(),
            "--db",
            cluster.directory().resolve("vulndb").toString())
        .ok();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void onlyTheSignedImageWithoutVulnerabilitiesRuns(Kubectl kubectl) {
    kubectl.run("create", "namespace", "judged").ok();
    kubectl.apply(
        policy(
            "judged",
            Tree.of(
                "maximumSeverity",
                "Medium",
                "resolveDigests",
                true,
                "signatures",
                TreeList.of(signed()))));
    kubectl.apply(pod("judged", "good", registry.host() + "/good:1"));
    kubectl.apply(pod("judged", "bad", registry.host() + "/bad:1"));
    kubectl.apply(pod("judged", "unsigned", registry.host() + "/unsigned:1"));
    Eventually.within(
        LIMIT,
        () ->
            assertEquals(
                "Running",
                kubectl.ask("get", "pod", "good", "-n", "judged", "-o", phase()),
                () -> kubectl.ask("describe", "pod", "good", "-n", "judged")));
    assertEquals(
        registry.host() + "/good:1@" + goodDigest,
        kubectl.ask(
            "get", "pod", "good", "-n", "judged", "-o", "jsonpath={.spec.containers[0].image}"));
    Eventually.within(
        LIMIT,
        () -> {
          String bad = kubectl.ask("get", "pod", "bad", "-n", "judged", "-o", ADMITTED);
          assertTrue(bad.contains("CVE-2023-0286 (high)"), bad);
          assertTrue(bad.contains("fixed in 3.0.10-1"), bad);
          String unsigned = kubectl.ask("get", "pod", "unsigned", "-n", "judged", "-o", ADMITTED);
          assertTrue(unsigned.contains("no valid signature for \"release\""), unsigned);
        });
    assertEquals("Pending", kubectl.ask("get", "pod", "bad", "-n", "judged", "-o", phase()));
    String reports = kubectl.ask("get", "vulnerabilityreports", "-n", "judged");
    assertTrue(reports.contains(registry.host() + "/bad:1"), reports);
    Command.Result again =
        kubectl.feed(pod("judged", "bad-again", registry.host() + "/bad:1"), "create", "-f", "-");
    assertTrue(again.failed().err().contains("CVE-2023-0286"), again.toString());
  }

  @Test
  void aRolloutWithARefusedImageWaitsAndSaysWhy(Kubectl kubectl) {
    kubectl.run("create", "namespace", "rollout").ok();
    kubectl.apply(
        policy(
            "rollout",
            Tree.of(
                "maximumSeverity",
                "Medium",
                "allowedSources",
                TreeList.of(registry.host() + "/**"))));
    kubectl
        .run("create", "deployment", "bad", "-n", "rollout", "--image", registry.host() + "/bad:1")
        .ok();
    Eventually.within(
        LIMIT,
        () -> {
          String pods = kubectl.ask("describe", "pods", "-n", "rollout");
          assertTrue(pods.contains("CVE-2023-0286 (high)"), pods);
        });
    Command.Result status =
        kubectl.run("rollout", "status", "deployment/bad", "-n", "rollout", "--timeout=3s");
    assertTrue(status.failed().out().contains("Waiting for deployment"), status.toString());
    kubectl
        .run("create", "deployment", "far", "-n", "rollout", "--image", "elsewhere.example.net/a:1")
        .ok();
    Eventually.within(
        LIMIT,
        () -> {
          String deployment = kubectl.ask("describe", "deployment", "far", "-n", "rollout");
          assertTrue(deployment.contains("ReplicaFailure"), deployment);
          String why =
              kubectl.ask(
                  "get",
                  "deployment",
                  "far",
                  "-n",
                  "rollout",
                  "-o",
                  "jsonpath={.status.conditions[?(@.type==\"ReplicaFailure\")].message}");
          assertTrue(why.contains("refused by ImagePolicy policy"), why);
        });
  }

  @Test
  void aForeignRegistryIsRefusedAtOnce(Kubectl kubectl) {
    kubectl.run("create", "namespace", "homely").ok();
    kubectl.apply(
        policy("homely", Tree.of("allowedSources", TreeList.of(registry.host() + "/**"))));
    Command.Result refused =
        kubectl.feed(pod("homely", "foreign", "elsewhere.example.net/web:1"), "create", "-f", "-");
    assertTrue(
        refused.failed().err().contains("does not come from an allowed source"),
        refused.toString());
  }

  @Test
  void aRegistryThatNobodyVouchesForIsNotBelieved(Kubectl kubectl, Running cluster)
      throws Exception {
    try (LoopbackRegistry stranger = new LoopbackRegistry(cluster.scratch())) {
      stranger.push("good:1", layout(cluster, "stranger", "3.0.17-1~deb12u2"));
      kubectl.run("create", "namespace", "wary").ok();
      kubectl.apply(policy("wary", Tree.of("maximumSeverity", "Medium")));
      kubectl.apply(pod("wary", "stranger", stranger.host() + "/good:1"));
      Eventually.within(
          LIMIT,
          () -> {
            String why = kubectl.ask("get", "pod", "stranger", "-n", "wary", "-o", ADMITTED);
            assertTrue(why.contains("cannot trust"), why);
          });
      assertEquals("Pending", kubectl.ask("get", "pod", "stranger", "-n", "wary", "-o", phase()));
    }
  }

  @Test
  void everyNodeTellsWhatItRuns(Running cluster) {
    Eventually.within(
        LIMIT,
        () -> {
          Command.Result versions =
              Program.run(
                      "versions", "--data-dir", cluster.directory().toString(), "--output", "json")
                  .ok();
          var node =
              Json.read(versions.out().getBytes(StandardCharsets.UTF_8)).trees("nodes").getFirst();
          assertTrue(node.number(0, "packages") > 50, versions.out());
          assertTrue(node.textOrEmpty("runtime").startsWith("containerd://"), versions.out());
        });
  }

  private static Path layout(Running cluster, String name, String version) throws IOException {
    Path root = Files.createTempDirectory(cluster.scratch(), name);
    Command.run(
            Duration.ofSeconds(60),
            Map.of(),
            List.of(
                "cp", "-a", cluster.scratch().resolve("busybox-rootfs") + "/.", root.toString()))
        .ok();
    Files.delete(root.resolve("bin/kubectl"));
    Files.createDirectories(root.resolve("var/lib/dpkg"));
    Files.writeString(
        root.resolve("etc/os-release"),
        "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n");
    Files.writeString(
        root.resolve("var/lib/dpkg/status"),
        "Package: libssl3\nStatus: install ok installed\nSource: openssl\nVersion: "
            + version
            + "\nArchitecture: amd64\n");
    Path archive = cluster.scratch().resolve(root.getFileName() + ".tar");
    Program.run(
            "image",
            "build",
            "--from",
            root.toString(),
            "--tag",
            "registry.bulwark.local/" + name + ":1",
            "--output",
            archive.toString(),
            "--entrypoint",
            "/bin/sleep",
            "3600")
        .ok();
    Path layout = Files.createTempDirectory(cluster.scratch(), "layout");
    Command.run(
            Duration.ofSeconds(60),
            Map.of(),
            List.of("tar", "-xf", archive.toString(), "-C", layout.toString()))
        .ok();
    return layout;
  }

  private static String phase() {
    return "jsonpath={.status.phase}";
  }

  private static Tree signed() {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return Tree.of("name", "release", "key", pem);
  }

  private static String policy(String namespace, Tree spec) {
    return Json.text(
        Tree.of(
            "apiVersion",
            "image.bulwark.io/v1alpha1",
            "kind",
            "ImagePolicy",
            "metadata",
            Tree.of("name", "policy", "namespace", namespace),
            "spec",
            spec));
  }

  private static String pod(String namespace, String name, String image) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: main, image: "%s"}]
    """
        .formatted(name, namespace, image);
  }
}
