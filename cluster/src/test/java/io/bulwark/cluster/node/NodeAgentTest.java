package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeAgentTest {
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();

  @Test
  void aPodRunsAndLeavesNothing() throws Exception {
    Tree pod = node.running(OwnNode.pod("plain", "echo hello; exec sleep 1000"));
    assertEquals("Running", pod.textOrEmpty("status", "phase"));
    assertTrue(pod.textOrEmpty("status", "podIP").startsWith("10.199."), pod.toString());
    assertEquals("BestEffort", pod.textOrEmpty("status", "qosClass"));
    assertEquals("plain\n", node.exec(pod, "main", "hostname"));
    assertTrue(
        node.exec(pod, "main", "cat /etc/hosts").startsWith("# Kubernetes-managed hosts file."));
    assertTrue(node.exec(pod, "main", "cat /etc/resolv.conf").contains("nameserver 10.96.0.10\n"));
    assertEquals("2\n", node.exec(pod, "main", "awk '/^Seccomp:/{print $2}' /proc/1/status"));
    List<String> pulled =
        OwnNode.until(
            "events",
            () -> {
              List<String> found = node.events("plain", "Pulled");
              return found.isEmpty() || node.events("plain", "Started").isEmpty() ? null : found;
            });
    assertEquals(
        "Container image \"%s\" already present on machine and can be accessed by the pod"
            .formatted(OwnContainerd.BUSYBOX),
        pulled.getFirst());
    assertEquals(List.of("Container created"), node.events("plain", "Created"));
    String uid = pod.textOrEmpty("metadata", "uid");
    node.deleted("plain");
    assertTrue(node.containerd().runtime().sandboxes("io.kubernetes.pod.uid", uid).isEmpty());
    assertFalse(Files.exists(node.containerd().directory().resolve("node/pods/" + uid)));
    assertEquals(List.of("Stopping container main"), node.events("plain", "Killing"));
  }

  @Test
  void aRestartedAgentAdoptsWithoutRestarting() throws Exception {
    Tree before = node.running(OwnNode.pod("adopted", "exec sleep 1000"));
    node.restartAgent();
    Tree after = node.running(OwnNode.pod("later", "exec sleep 1000"));
    assertEquals("Running", after.textOrEmpty("status", "phase"));
    Tree adopted = node.client().get(Resources.PODS, "default", "adopted");
    assertEquals(
        OwnNode.status(before, "main").textOrEmpty("containerID"),
        OwnNode.status(adopted, "main").textOrEmpty("containerID"));
    assertTrue(OwnNode.ready(adopted));
    node.deleted("adopted");
    node.deleted("later");
  }

  @Test
  void aCrashingContainerIsRestartedAtOnceAndThenBacksOff() throws Exception {
    node.create(OwnNode.pod("crash", "echo bye > /dev/termination-log; exit 3"));
    Tree pod =
        node.podUntil(
            "crash",
            each ->
                OwnNode.status(each, "main")
                    .textOrEmpty("state", "waiting", "reason")
                    .equals("CrashLoopBackOff"));
    Tree status = OwnNode.status(pod, "main");
    assertEquals(1, status.number(-1, "restartCount"));
    assertEquals(3, status.number(-1, "lastState", "terminated", "exitCode"));
    assertEquals("bye\n", status.textOrEmpty("lastState", "terminated", "message"));
    String uid = pod.textOrEmpty("metadata", "uid");
    assertEquals(
        "back-off 10s restarting failed container=main pod=crash_default(" + uid + ")",
        status.textOrEmpty("state", "waiting", "message"));
    assertEquals("Running", pod.textOrEmpty("status", "phase"));
    node.deleted("crash");
  }

  @Test
  void initContainersRunFirstInOrderAndSidecarsStay() throws Exception {
    Tree pod = OwnNode.pod("initialized", "cat /work/order; exec sleep 1000");
    pod.child("spec").put("volumes", TreeList.of(Tree.of("emptyDir", new Tree(), "name", "work")));
    TreeList mounts = TreeList.of(Tree.of("mountPath", "/work", "name", "work"));
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("volumeMounts", mounts.copy());
    TreeList init = new TreeList();
    for (String name : new String[] {"one", "two"}) {
      Tree container = main.copy();
      container.put("name", name);
      container.put("command", TreeList.of("sh", "-c", "echo " + name + " >> /work/order"));
      init.add(container);
    }
    Tree sidecar = main.copy();
    sidecar.put("name", "beside");
    sidecar.put("restartPolicy", "Always");
    sidecar.put("command", TreeList.of("sh", "-c", "exec sleep 1000"));
    init.add(1, sidecar);
    pod.child("spec").put("initContainers", init);
    Tree running = node.running(pod);
    assertEquals("one\ntwo\n", node.exec(running, "main", "cat /work/order"));
    assertEquals("777\n", node.exec(running, "main", "stat -c %a /work"));
    assertEquals(
        "Completed", OwnNode.status(running, "two").textOrEmpty("state", "terminated", "reason"));
    assertTrue(OwnNode.status(running, "beside").flag("ready"));
    node.deleted("initialized");
  }

  @Test
  void volumesAndVariablesComeFromObjectsAndFollowThem() throws Exception {
    Tree map = OwnNode.object("ConfigMap", "settings");
    map.set("default", "metadata", "namespace");
    map.put("data", Tree.of("colour", "red", "size", "9"));
    node.client().create(Resources.CONFIG_MAPS, "default", map);
    Tree secret = OwnNode.object("Secret", "hidden");
    secret.set("default", "metadata", "namespace");
    secret.put(
        "data",
        Tree.of(
            "key", Base64.getEncoder().encodeToString("s3cret".getBytes(StandardCharsets.UTF_8))));
    node.client().create(Resources.SECRETS, "default", secret);
    Tree pod = OwnNode.pod("mounted", "exec sleep 1000");
    pod.child("spec")
        .put(
            "volumes",
            TreeList.of(
                Tree.of("configMap", Tree.of("name", "settings"), "name", "map"),
                Tree.of(
                    "name",
                    "secret",
                    "secret",
                    Tree.of("defaultMode", 0400, "secretName", "hidden"))));
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put(
        "volumeMounts",
        TreeList.of(
            Tree.of("mountPath", "/map", "name", "map"),
            Tree.of("mountPath", "/one", "name", "map", "subPath", "colour"),
            Tree.of("mountPath", "/secret", "name", "secret", "readOnly", true)));
    main.put(
        "env",
        TreeList.of(
            Tree.of(
                "name",
                "SIZE",
                "valueFrom",
                Tree.of("configMapKeyRef", Tree.of("key", "size", "name", "settings"))),
            Tree.of("name", "BOTH", "value", "$(SIZE)-$$(SIZE)"),
            Tree.of(
                "name",
                "ADDRESS",
                "valueFrom",
                Tree.of("fieldRef", Tree.of("fieldPath", "status.podIP")))));
    Tree running = node.running(pod);
    assertEquals(
        "red red s3cret 9-$(SIZE) " + running.textOrEmpty("status", "podIP"),
        node.exec(
            running,
            "main",
            "echo -n $(cat /map/colour /one /secret/key | sed 's/s3/ s3/;s/redred/red red/') $BOTH $ADDRESS"));
    assertEquals("400\n", node.exec(running, "main", "stat -L -c %a /secret/key"));

    Tree changed = node.client().get(Resources.CONFIG_MAPS, "default", "settings").copy();
    changed.set("blue", "data", "colour");
    node.client().update(Resources.CONFIG_MAPS, changed);
    OwnNode.until(
        "the new value",
        () -> node.exec(running, "main", "cat /map/colour").equals("blue") ? true : null);
    node.deleted("mounted");
  }

  @Test
  void probesDecideReadinessAndRestarts() throws Exception {
    Tree pod = OwnNode.pod("probed", "touch /tmp/live; exec sleep 1000");
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("readinessProbe", probe("test -e /tmp/ready"));
    main.put("livenessProbe", probe("test -e /tmp/live"));
    node.create(pod);
    Tree unready =
        node.podUntil("probed", each -> OwnNode.status(each, "main").has("state", "running"));
    assertFalse(OwnNode.ready(unready));
    node.exec(unready, "main", "touch /tmp/ready");
    Tree ready = node.podUntil("probed", OwnNode::ready);
    node.exec(ready, "main", "rm /tmp/live");
    Tree restarted =
        node.podUntil(
            "probed", each -> OwnNode.status(each, "main").number(0, "restartCount") == 1);
    assertEquals(
        137, OwnNode.status(restarted, "main").number(0, "lastState", "terminated", "exitCode"));
    assertTrue(
        node.events("probed", "Killing")
            .contains("Container main failed liveness probe, will be restarted"));
    node.deleted("probed");
  }

  private static Tree probe(String script) {
    return Tree.of(
        "exec",
        Tree.of("command", TreeList.of("sh", "-c", script)),
        "failureThreshold",
        1,
        "periodSeconds",
        1);
  }

  @Test
  void aMissingImageAndARootImageSaySo() throws Exception {
    Tree missing = OwnNode.pod("missing", "true");
    missing.trees("spec", "containers").getFirst().put("image", "localhost:1/none:1");
    node.create(missing);
    node.podUntil(
        "missing",
        each ->
            OwnNode.status(each, "main")
                .textOrEmpty("state", "waiting", "reason")
                .equals("ErrImagePull"));
    Tree root = OwnNode.pod("root", "true");
    root.child("spec").put("securityContext", Tree.of("runAsNonRoot", true));
    node.create(root);
    Tree refused =
        node.podUntil(
            "root",
            each ->
                OwnNode.status(each, "main")
                    .textOrEmpty("state", "waiting", "reason")
                    .equals("CreateContainerConfigError"));
    assertTrue(
        OwnNode.status(refused, "main")
            .textOrEmpty("state", "waiting", "message")
            .startsWith("container has runAsNonRoot and image will run as root"));
    node.deleted("missing");
    node.deleted("root");
  }

  @Test
  void aFailedInitContainerLeavesTheOthersWaiting() throws Exception {
    Tree pod = OwnNode.pod("unready", "exec sleep 1000");
    pod.child("spec").put("restartPolicy", "Never");
    Tree first = pod.trees("spec", "containers").getFirst().copy();
    first.put("name", "first");
    first.put("command", TreeList.of("false"));
    pod.child("spec").put("initContainers", TreeList.of(first));
    node.create(pod);
    Tree failed =
        node.podUntil("unready", each -> each.textOrEmpty("status", "phase").equals("Failed"));
    assertEquals(
        "PodInitializing",
        OwnNode.status(failed, "main").textOrEmpty("state", "waiting", "reason"));
    node.deleted("unready");
  }

  @Test
  void podsThatEndAreCountedByTheirExitCodes() throws Exception {
    Tree good = OwnNode.pod("good", "true");
    good.child("spec").put("restartPolicy", "Never");
    Tree bad = OwnNode.pod("bad", "exit 1");
    bad.child("spec").put("restartPolicy", "Never");
    node.create(good);
    node.create(bad);
    Tree succeeded =
        node.podUntil("good", each -> each.textOrEmpty("status", "phase").equals("Succeeded"));
    assertFalse(OwnNode.ready(succeeded));
    node.podUntil("bad", each -> each.textOrEmpty("status", "phase").equals("Failed"));
    node.deleted("good");
    node.deleted("bad");
  }

  @Test
  void aPodThatDoesNotFitIsRefused() throws Exception {
    Tree pod = OwnNode.pod("huge", "true");
    pod.trees("spec", "containers")
        .getFirst()
        .put("resources", Tree.of("requests", Tree.of("cpu", "5000")));
    node.create(pod);
    Tree refused =
        node.podUntil("huge", each -> each.textOrEmpty("status", "phase").equals("Failed"));
    assertEquals("OutOfcpu", refused.textOrEmpty("status", "reason"));
    node.deleted("huge");
  }
}
