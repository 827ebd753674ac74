package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.image.ImageCollection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images that come from a registry, and go when the disk is full. */
class NodeImagesTest {
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();
  private static OwnRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    Path archive = node.containerd().directory().resolve("served.tar");
    Path rootfs = Files.createDirectories(node.containerd().directory().resolve("rootfs/bin"));
    Files.copy(OwnContainerd.busybox(), rootfs.resolve("sleep"));
    ImageBuilder.build(
        rootfs.resolve(".."),
        Reference.of("registry.example/team/tool:1"),
        ImageConfiguration.running("/bin/sleep", "1000"),
        archive);
    registry = new OwnRegistry(archive, "puller", "secret");
    Path hosts =
        node.containerd().directory().resolve("containerd/certs.d").resolve(registry.host());
    Files.createDirectories(hosts);
    Files.writeString(
        hosts.resolve("hosts.toml"),
        """
        server = "https://%1$s"
        [host."https://%1$s"]
          capabilities = ["pull", "resolve"]
          ca = "%2$s"
        """
            .formatted(registry.host(), registry.certificate()));
  }

  @AfterAll
  static void stop() throws Exception {
    registry.close();
  }

  private static Tree pod(String name, String image) {
    Tree pod = OwnNode.pod(name, "");
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("image", image);
    main.remove("command");
    return pod;
  }

  @Test
  void aPullSecretOpensATlsRegistryAndUnusedImagesGo() throws Exception {
    String image = registry.host() + "/team/tool:1";
    node.create(pod("stranger", image));
    Tree refused =
        node.podUntil(
            "stranger",
            each ->
                OwnNode.status(each, "main")
                    .textOrEmpty("state", "waiting", "reason")
                    .equals("ErrImagePull"));
    assertTrue(
        OwnNode.status(refused, "main")
            .textOrEmpty("state", "waiting", "message")
            .endsWith("401 Unauthorized"),
        refused.toString());
    node.deleted("stranger");

    Tree secret = OwnNode.object("Secret", "login");
    secret.set("default", "metadata", "namespace");
    secret.put("type", "kubernetes.io/dockerconfigjson");
    byte[] logins =
        Json.write(
            Tree.of(
                "auths",
                Tree.of(registry.host(), Tree.of("password", "secret", "username", "puller"))));
    secret.put("data", Tree.of(".dockerconfigjson", Base64.getEncoder().encodeToString(logins)));
    node.client().create(Resources.SECRETS, "default", secret);
    Tree pod = pod("member", image);
    pod.child("spec").put("imagePullSecrets", TreeList.of(Tree.of("name", "login")));
    Tree running = node.running(pod);
    assertTrue(
        OwnNode.status(running, "main")
            .textOrEmpty("imageID")
            .startsWith(registry.host() + "/team/tool@sha256:"));

    ImageCollection full =
        new ImageCollection(
            node.containerd().runtime(), () -> new ImageCollection.Disk(1000L << 20, 10L << 20));
    Instant now = Instant.now();
    full.collect(now);
    full.collect(now.plus(Duration.ofMinutes(3)));
    assertNotNull(node.containerd().runtime().images().find(image), "in use");
    node.deleted("member");
    full.collect(now.plus(Duration.ofMinutes(3)).plusSeconds(1));
    assertNull(node.containerd().runtime().images().find(image), "not in use any more");
    assertNotNull(
        node.containerd().runtime().images().find(OwnContainerd.BUSYBOX), "imported by hand");
  }

  @Test
  void theThresholdsAreUpstreams() {
    assertEquals(0, ImageCollection.excess(new ImageCollection.Disk(100, 16)));
    assertEquals(5, ImageCollection.excess(new ImageCollection.Disk(100, 15)));
    assertEquals(20, ImageCollection.excess(new ImageCollection.Disk(100, 0)));
  }
}
