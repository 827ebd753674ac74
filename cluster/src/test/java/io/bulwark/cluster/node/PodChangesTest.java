package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.node.agent.PodCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of running pods, and the bounds that they run in. */
class PodChangesTest {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();

  private static Tree resources(String cpu, String memory) {
    return Tree.of(
        "limits", Tree.of("cpu", cpu, "memory", memory),
        "requests", Tree.of("cpu", "50m", "memory", "16Mi"));
  }

  private static Tree bounded(String name, String cpu, String memory) {
    Tree pod = OwnNode.pod(name, "exec sleep 1000");
    pod.trees("spec", "containers").getFirst().put("resources", resources(cpu, memory));
    return pod;
  }

  private static void resize(String name, Tree resources) {
    node.client()
        .patch(
            Resources.PODS,
            "default",
            name,
            "resize",
            PatchType.STRATEGIC,
            Tree.of(
                "spec",
                Tree.of(
                    "containers", TreeList.of(Tree.of("name", "main", "resources", resources)))),
            Query.none());
  }

  /** Thousandths of a processor that the kernel grants below a group. */
  private static long processors(String group) throws IOException {
    String[] words =
        Files.exists(CGROUPS.resolve("cgroup.controllers"))
            ? Files.readString(CGROUPS.resolve(group).resolve("cpu.max")).strip().split(" ", 2)
            : new String[] {
              Files.readString(CGROUPS.resolve("cpu/" + group + "/cpu.cfs_quota_us")).strip(),
              Files.readString(CGROUPS.resolve("cpu/" + group + "/cpu.cfs_period_us")).strip()
            };
    return Long.parseLong(words[0]) * 1000 / Long.parseLong(words[1]);
  }

  private static String group(Tree pod) {
    return PodCgroup.parent(pod).substring(1);
  }

  private static Tree condition(Tree pod, String type) {
    return pod.trees("status", "conditions").stream()
        .filter(each -> each.textOrEmpty("type").equals(type))
        .findFirst()
        .orElse(new Tree());
  }

  @Test
  void resourcesOfARunningContainerChangeInPlace() throws Exception {
    Tree before = node.running(bounded("grows", "200m", "64Mi"));
    String id = OwnNode.status(before, "main").textOrEmpty("containerID");
    assertEquals(200, processors(group(before)));
    resize("grows", resources("400m", "128Mi"));
    Tree after =
        node.podUntil(
            "grows",
            each ->
                OwnNode.status(each, "main")
                    .textOrEmpty("resources", "limits", "cpu")
                    .equals("400m"));
    assertEquals(id, OwnNode.status(after, "main").textOrEmpty("containerID"));
    assertEquals(400, processors(group(after)));
    assertEquals(400, processors(group(after) + "/" + id.replace("containerd://", "")));
    resize("grows", resources("100m", "64Mi"));
    OwnNode.until(
        "a smaller bound",
        () -> {
          try {
            return processors(group(after)) == 100 ? true : null;
          } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
          }
        });
    node.deleted("grows");
  }

  @Test
  void aResizeThatCanNeverFitSaysSo() throws Exception {
    node.running(bounded("wishes", "200m", "64Mi"));
    Tree wish = resources("5000", "64Mi");
    wish.set("5000", "requests", "cpu");
    resize("wishes", wish);
    Tree pending =
        node.podUntil("wishes", each -> condition(each, "PodResizePending").has("reason"));
    assertEquals("Infeasible", condition(pending, "PodResizePending").textOrEmpty("reason"));
    assertTrue(
        condition(pending, "PodResizePending")
            .textOrEmpty("message")
            .startsWith("Node didn't have enough capacity: cpu, requested: 5000000, capacity: "));
    assertEquals("200m", OwnNode.status(pending, "main").textOrEmpty("resources", "limits", "cpu"));
    resize("wishes", resources("200m", "64Mi"));
    node.podUntil("wishes", each -> condition(each, "PodResizePending").isEmpty());
    node.deleted("wishes");
  }

  @Test
  void aPolicyMayAskForARestart() throws Exception {
    Tree pod = bounded("restarts", "200m", "64Mi");
    pod.trees("spec", "containers")
        .getFirst()
        .put(
            "resizePolicy",
            TreeList.of(Tree.of("resourceName", "memory", "restartPolicy", "RestartContainer")));
    node.running(pod);
    resize("restarts", resources("200m", "96Mi"));
    Tree after =
        node.podUntil(
            "restarts",
            each ->
                OwnNode.status(each, "main").number(0, "restartCount") == 1
                    && OwnNode.status(each, "main").has("state", "running"));
    assertEquals(
        "96Mi", OwnNode.status(after, "main").textOrEmpty("resources", "limits", "memory"));
    node.deleted("restarts");
  }

  @Test
  void anEphemeralContainerSeesItsTarget() throws Exception {
    Tree pod = node.running(OwnNode.pod("watched", "exec sleep 1234"));
    Tree debugger =
        Tree.of(
            "command",
            TreeList.of("sh", "-c", "sleep 1000"),
            "image",
            OwnContainerd.BUSYBOX,
            "name",
            "debugger",
            "targetContainerName",
            "main");
    node.client()
        .patch(
            Resources.PODS,
            "default",
            "watched",
            "ephemeralcontainers",
            PatchType.STRATEGIC,
            Tree.of("spec", Tree.of("ephemeralContainers", TreeList.of(debugger))),
            Query.none());
    Tree shown =
        node.podUntil(
            "watched",
            each ->
                each.trees("status", "ephemeralContainerStatuses").stream()
                    .anyMatch(status -> status.has("state", "running")));
    assertEquals("sleep1234", node.exec(shown, "debugger", "tr -d '\\0' < /proc/1/cmdline"));
    assertEquals(
        OwnNode.status(pod, "main").textOrEmpty("containerID"),
        OwnNode.status(shown, "main").textOrEmpty("containerID"));
    node.deleted("watched");
  }

  @Test
  void aContainerThatTakesTooMuchMemoryIsKilled() throws Exception {
    Tree pod = OwnNode.pod("hungry", "tail /dev/zero");
    pod.child("spec").put("restartPolicy", "Never");
    pod.trees("spec", "containers").getFirst().put("resources", resources("1", "32Mi"));
    node.create(pod);
    Tree ended =
        node.podUntil("hungry", each -> each.textOrEmpty("status", "phase").equals("Failed"));
    Tree state = OwnNode.status(ended, "main").treeOrEmpty("state", "terminated");
    assertEquals("OOMKilled", state.textOrEmpty("reason"), state.toString());
    assertEquals(137, state.number(0, "exitCode"));
    node.deleted("hungry");
  }
}
