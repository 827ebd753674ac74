package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.node.pod.PodSpec;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Parts of pods that few pods have. */
class NodeDetailsTest {
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();

  @Test
  void hostPathsAreCheckedByTheirTypes() throws Exception {
    Path directory = Files.createDirectories(node.containerd().directory().resolve("host"));
    Files.writeString(directory.resolve("file"), "from the node");
    Tree pod = OwnNode.pod("paths", "exec sleep 1000");
    mount(pod, "made", directory.resolve("made"), "DirectoryOrCreate");
    mount(pod, "file", directory.resolve("file"), "File");
    Tree running = node.running(pod);
    assertEquals("from the node", node.exec(running, "main", "cat /file"));
    node.exec(running, "main", "echo -n from the pod > /made/note");
    assertEquals("from the pod", Files.readString(directory.resolve("made/note")));
    node.deleted("paths");
    assertEquals("from the pod", Files.readString(directory.resolve("made/note")));

    Tree wrong = OwnNode.pod("wrong", "exec sleep 1000");
    mount(wrong, "file", directory.resolve("made"), "File");
    node.create(wrong);
    String message =
        OwnNode.until(
            "FailedMount",
            () -> node.events("wrong", "FailedMount").stream().findFirst().orElse(null));
    assertTrue(
        message.contains("hostPath type check failed: " + directory + "/made is not a file"),
        message);
    node.deleted("wrong");
  }

  private static void mount(Tree pod, String name, Path path, String type) {
    Tree spec = pod.child("spec");
    TreeList volumes = spec.list("volumes").copy();
    volumes.add(Tree.of("hostPath", Tree.of("path", path.toString(), "type", type), "name", name));
    spec.put("volumes", volumes);
    Tree main = pod.trees("spec", "containers").getFirst();
    TreeList mounts = main.list("volumeMounts").copy();
    mounts.add(Tree.of("mountPath", "/" + name, "name", name));
    main.put("volumeMounts", mounts);
  }

  @Test
  void aRefusedPodSaysWhyAndGoesOnSayingIt() throws Exception {
    Tree pod = OwnNode.pod("refused", "exec sleep 1000");
    pod.set(
        TreeList.of(Tree.of("name", "kernel.msgmax", "value", "65536")),
        "spec",
        "securityContext",
        "sysctls");
    node.create(pod);
    Tree failed = node.podUntil("refused", PodSpec::finished);
    node.restartAgent();
    node.running(OwnNode.pod("after-refused", "exec sleep 1000"));
    for (Tree seen : List.of(failed, node.podUntil("refused", each -> true))) {
      Tree status = seen.treeOrEmpty("status");
      assertEquals("SysctlForbidden", status.textOrEmpty("reason"));
      assertEquals(
          "Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted",
          status.textOrEmpty("message"));
      assertFalse(status.has("containerStatuses"), "kubectl would show that it is being created");
    }
    assertEquals(
        List.of("forbidden sysctl: \"kernel.msgmax\" not allowlisted"),
        node.events("refused", "SysctlForbidden"));
    node.deleted("refused");
    node.deleted("after-refused");
  }

  @Test
  void whatCannotStartAndIsNotToRestartHasFailed() throws Exception {
    Tree pod = OwnNode.pod("unstartable", "");
    pod.child("spec").put("restartPolicy", "Never");
    pod.trees("spec", "containers").getFirst().put("command", TreeList.of("/no/such/program"));
    node.create(pod);
    Tree ended = node.podUntil("unstartable", PodSpec::finished);
    Tree terminated = OwnNode.status(ended, "main").treeOrEmpty("state", "terminated");
    assertEquals("StartError", terminated.textOrEmpty("reason"));
    assertEquals(128, terminated.number(0, "exitCode"));
    String told = node.events("unstartable", "Failed").getFirst();
    assertTrue(told.startsWith("Error: failed to create containerd task: "), told);
    node.deleted("unstartable");
  }

  @Test
  void aContainersOwnRulesSayWhetherItRestarts() throws Exception {
    Tree pod = OwnNode.pod("ruled", "[ -e /v/ran ] || { touch /v/ran; exit 42; }");
    pod.child("spec").put("restartPolicy", "Never");
    pod.child("spec").put("volumes", TreeList.of(Tree.of("emptyDir", new Tree(), "name", "v")));
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("volumeMounts", TreeList.of(Tree.of("mountPath", "/v", "name", "v")));
    main.put("restartPolicy", "Never");
    Tree codes = Tree.of("operator", "In", "values", TreeList.of(42L));
    main.put("restartPolicyRules", TreeList.of(Tree.of("action", "Restart", "exitCodes", codes)));
    node.create(pod);
    Tree ended = node.podUntil("ruled", PodSpec::finished);
    assertEquals("Succeeded", ended.textOrEmpty("status", "phase"));
    assertEquals(1, OwnNode.status(ended, "main").number(0, "restartCount"));
    node.deleted("ruled");
  }

  @Test
  void aPodWhoseVolumeGrowsTooLargeIsEvicted() throws Exception {
    Tree pod = OwnNode.pod("large", "head -c 3000000 /dev/zero > /v/file; exec sleep 1000");
    Tree volume = Tree.of("emptyDir", Tree.of("sizeLimit", "1Mi"), "name", "v");
    pod.child("spec").put("volumes", TreeList.of(volume));
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("volumeMounts", TreeList.of(Tree.of("mountPath", "/v", "name", "v")));
    node.create(pod);
    Tree ended = node.podUntil("large", PodSpec::finished);
    assertEquals("Failed", ended.textOrEmpty("status", "phase"));
    assertEquals("Evicted", ended.textOrEmpty("status", "reason"));
    assertEquals(
        "Usage of EmptyDir volume \"v\" exceeds the limit \"1Mi\". ",
        ended.textOrEmpty("status", "message"));
    node.deleted("large");
  }

  @Test
  void grpcProbesAskTheHealthService() throws Exception {
    AtomicInteger health = new AtomicInteger(2);
    Server server = healthServer(health);
    try {
      Tree pod = OwnNode.pod("healthy", "exec sleep 1000");
      pod.child("spec").put("hostNetwork", true);
      pod.trees("spec", "containers")
          .getFirst()
          .put(
              "readinessProbe",
              Tree.of("grpc", Tree.of("port", server.getPort()), "periodSeconds", 1));
      node.create(pod);
      String message =
          OwnNode.until(
              "Unhealthy",
              () -> node.events("healthy", "Unhealthy").stream().findFirst().orElse(null));
      assertEquals(
          "Readiness probe failed: service unhealthy (responded with \"NOT_SERVING\")", message);
      health.set(1);
      node.podUntil("healthy", OwnNode::ready);
      node.deleted("healthy");
    } finally {
      server.shutdownNow();
    }
  }

  private static Server healthServer(AtomicInteger health) throws IOException {
    MethodDescriptor<byte[], byte[]> check =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(
            ServerServiceDefinition.builder("grpc.health.v1.Health")
                .addMethod(
                    check,
                    ServerCalls.asyncUnaryCall(
                        (request, answer) -> {
                          answer.onNext(new byte[] {8, (byte) health.get()});
                          answer.onCompleted();
                        }))
                .build())
        .build()
        .start();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException unreadable) {
        throw new java.io.UncheckedIOException(unreadable);
      }
    }
  }

  @Test
  void projectedTokensAreRenewedBeforeTheyExpire() throws Exception {
    if (node.client().find(Resources.SERVICE_ACCOUNTS, "default", "default") == null) {
      Tree account = OwnNode.object("ServiceAccount", "default");
      account.set("default", "metadata", "namespace");
      node.client().create(Resources.SERVICE_ACCOUNTS, "default", account);
    }
    Tree pod = OwnNode.pod("holder", "exec sleep 1000");
    pod.child("spec")
        .put(
            "volumes",
            TreeList.of(
                Tree.of(
                    "name",
                    "token",
                    "projected",
                    Tree.of(
                        "sources",
                        TreeList.of(
                            Tree.of(
                                "serviceAccountToken",
                                Tree.of("expirationSeconds", 600, "path", "token")))))));
    pod.trees("spec", "containers")
        .getFirst()
        .put("volumeMounts", TreeList.of(Tree.of("mountPath", "/token", "name", "token")));
    Tree running = node.running(pod);
    String first = node.exec(running, "main", "cat /token/token");
    assertEquals(3, first.split("\\.", -1).length);
    node.pass(Duration.ofSeconds(500));
    String second =
        OwnNode.until(
            "another token",
            () -> {
              String now = node.exec(running, "main", "cat /token/token");
              return now.isEmpty() || now.equals(first) ? null : now;
            });
    assertNotEquals(first, second);
    node.pass(Duration.ofSeconds(-500));
    node.deleted("holder");
  }

  @Test
  void systemCallProfilesComeFromTheDataDirectory() throws Exception {
    Path profiles =
        Files.createDirectories(node.containerd().directory().resolve("node/seccomp/team"));
    Files.writeString(
        profiles.resolve("no-directories.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
          {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
        """);
    Tree pod = OwnNode.pod("filtered", "exec sleep 1000");
    pod.child("spec")
        .put(
            "securityContext",
            Tree.of(
                "seccompProfile",
                Tree.of("localhostProfile", "team/no-directories.json", "type", "Localhost")));
    Tree running = node.running(pod);
    assertEquals("no\n", node.exec(running, "main", "mkdir /tmp/x 2>/dev/null || echo no"));
    assertEquals("", node.exec(running, "main", "touch /tmp/y"));
    node.deleted("filtered");
  }

  @Test
  void backOffSurvivesARestartOfTheAgent() throws Exception {
    node.create(OwnNode.pod("crashing", "exit 3"));
    node.podUntil("crashing", each -> backsOff(each, "back-off 10s"));
    node.restartAgent();
    Tree pod = node.podUntil("crashing", each -> backsOff(each, "back-off 20s"));
    assertEquals(2, OwnNode.status(pod, "main").number(0, "restartCount"));
    node.deleted("crashing");
  }

  private static boolean backsOff(Tree pod, String text) {
    return OwnNode.status(pod, "main").textOrEmpty("state", "waiting", "message").startsWith(text);
  }
}
