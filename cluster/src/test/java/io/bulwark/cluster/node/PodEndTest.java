package io.bulwark.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How pods end. A finalizer keeps their objects, so that the last status can be read. */
class PodEndTest {
  private static final String DEAF = "trap '' TERM; while true; do sleep 1; done";
  @RegisterExtension static final OwnNode node = OwnNode.ofClass();

  private static Tree patient(String name, String script) {
    Tree pod = OwnNode.pod(name, script);
    pod.child("spec").put("terminationGracePeriodSeconds", 300);
    return pod;
  }

  private static void delete(String name, int grace) {
    node.client()
        .delete(
            Resources.PODS,
            "default",
            name,
            Tree.of("apiVersion", "v1", "gracePeriodSeconds", grace, "kind", "DeleteOptions"));
  }

  private static Tree lastStatus(String name) throws InterruptedException {
    Tree last =
        node.podUntil(name, each -> each.number(-1, "metadata", "deletionGracePeriodSeconds") == 0);
    node.client()
        .patch(
            Resources.PODS,
            "default",
            name,
            null,
            PatchType.MERGE,
            Tree.of("metadata", Tree.of("finalizers", new TreeList())),
            Query.none());
    return last;
  }

  private static Tree kept(Tree pod) {
    return pod.set(TreeList.of("example.com/look"), "metadata", "finalizers");
  }

  @Test
  void readinessGoesOnAndALaterHurryIsObeyed() throws Exception {
    Tree pod = patient("hurried", "touch /tmp/ready; " + DEAF);
    pod.trees("spec", "containers")
        .getFirst()
        .put(
            "readinessProbe",
            Tree.of(
                "exec",
                Tree.of("command", TreeList.of("test", "-e", "/tmp/ready")),
                "failureThreshold",
                1,
                "periodSeconds",
                1));
    Tree running = node.running(pod);
    delete("hurried", 300);
    node.podUntil("hurried", each -> each.has("metadata", "deletionTimestamp"));
    assertTrue(OwnNode.ready(node.client().get(Resources.PODS, "default", "hurried")));
    node.exec(running, "main", "rm /tmp/ready");
    node.podUntil("hurried", each -> !OwnNode.ready(each));
    delete("hurried", 1);
    OwnNode.until(
        "the end",
        () -> node.client().find(Resources.PODS, "default", "hurried") == null ? true : null);
  }

  @Test
  void forceIsObeyedWhileThePodEnds() throws Exception {
    Tree running = node.running(patient("forced", DEAF));
    String uid = running.textOrEmpty("metadata", "uid");
    delete("forced", 300);
    OwnNode.until("Killing", () -> node.events("forced", "Killing").isEmpty() ? null : true);
    delete("forced", 0);
    OwnNode.until(
        "the last sandbox",
        () ->
            node.containerd().runtime().sandboxes("io.kubernetes.pod.uid", uid).isEmpty()
                ? true
                : null);
  }

  @Test
  void preStopComesBeforeTheSignal() throws Exception {
    Tree pod =
        kept(
            patient(
                "hooked",
                "trap 'cat /tmp/hook > /dev/termination-log; exit 7' TERM;"
                    + " while true; do sleep 1; done"));
    pod.trees("spec", "containers")
        .getFirst()
        .put(
            "lifecycle",
            Tree.of(
                "preStop",
                Tree.of(
                    "exec",
                    Tree.of(
                        "command", TreeList.of("sh", "-c", "sleep 1; echo hook > /tmp/hook")))));
    node.running(pod);
    delete("hooked", 60);
    Tree ended = OwnNode.status(lastStatus("hooked"), "main").treeOrEmpty("state", "terminated");
    assertEquals(7, ended.number(-1, "exitCode"));
    assertEquals("hook\n", ended.textOrEmpty("message"));
  }

  @Test
  void anEndlessPreStopIsCutOffWithTheGracePeriod() throws Exception {
    Tree pod = patient("endless", DEAF);
    pod.trees("spec", "containers")
        .getFirst()
        .put("lifecycle", Tree.of("preStop", Tree.of("sleep", Tree.of("seconds", 200))));
    node.running(pod);
    long begun = System.nanoTime();
    delete("endless", 2);
    OwnNode.until(
        "the end",
        () -> node.client().find(Resources.PODS, "default", "endless") == null ? true : null);
    assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() >= 2);
    assertEquals(List.of(), node.events("endless", "FailedPreStopHook"));
  }

  @Test
  void sidecarsEndLastAndBackwards() throws Exception {
    Tree pod = kept(patient("ordered", saying("main")));
    pod.child("spec").put("volumes", TreeList.of(Tree.of("emptyDir", new Tree(), "name", "work")));
    Tree main = pod.trees("spec", "containers").getFirst();
    main.put("volumeMounts", TreeList.of(Tree.of("mountPath", "/work", "name", "work")));
    TreeList sidecars = new TreeList();
    for (String name : new String[] {"one", "two"}) {
      Tree sidecar = main.copy();
      sidecar.put("name", name);
      sidecar.put("restartPolicy", "Always");
      sidecar.put("command", TreeList.of("sh", "-c", saying(name)));
      sidecars.add(sidecar);
    }
    pod.child("spec").put("initContainers", sidecars);
    node.running(pod);
    delete("ordered", 60);
    Tree ended = OwnNode.status(lastStatus("ordered"), "one").treeOrEmpty("state", "terminated");
    assertEquals("main\ntwo\none\n", ended.textOrEmpty("message"));
  }

  private static String saying(String name) {
    return "trap 'sleep 1; echo "
        + name
        + " >> /work/order; cat /work/order > /dev/termination-log; exit 0' TERM;"
        + " while true; do sleep 0.1; done";
  }
}
