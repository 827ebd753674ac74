package io.bulwark.cluster.controller.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.controller.loop.Conditions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs and CronJobs on a whole control plane whose nodes only pretend. */
class JobTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static Tree job(String name, Object... spec) {
    Tree job =
        Tree.of(
            "apiVersion",
            "batch/v1",
            "kind",
            "Job",
            "metadata",
            Tree.of("name", name),
            "spec",
            Tree.of(spec));
    Tree pod = LiveCluster.podSpec("work:1");
    pod.put("restartPolicy", "Never");
    job.set(pod, "spec", "template", "spec");
    return job;
  }

  private static List<Tree> pods(String namespace) {
    return cluster.list(Resources.PODS, namespace);
  }

  /** Ends a pod as its node would. */
  private static void end(String namespace, Tree pod, String phase, long code) {
    cluster.await(
        Resources.PODS,
        namespace,
        Meta.name(pod),
        p -> "Running".equals(p.text("status", "phase")));
    LiveCluster.await(
        "end of " + Meta.name(pod),
        () -> {
          Tree ended = cluster.client().get(Resources.PODS, namespace, Meta.name(pod)).copy();
          ended.set(phase, "status", "phase");
          ended.set(
              TreeList.of(
                  Tree.of(
                      "name",
                      "main",
                      "image",
                      "work:1",
                      "imageID",
                      "",
                      "ready",
                      false,
                      "restartCount",
                      0L,
                      "state",
                      Tree.of(
                          "terminated",
                          Tree.of("exitCode", code, "finishedAt", "2026-01-01T00:00:00Z")))),
              "status",
              "containerStatuses");
          try {
            cluster.client().updateStatus(Resources.PODS, ended);
            return true;
          } catch (ApiException refused) {
            return false;
          }
        });
  }

  private static boolean has(Tree job, String type, String reason) {
    Tree condition = Conditions.find(job, type);
    return condition != null
        && "True".equals(condition.text("status"))
        && reason.equals(condition.text("reason"));
  }

  @Test
  void everyIndexSucceedsOnce() {
    String ns = cluster.namespace("indexed");
    cluster
        .client()
        .create(
            Resources.JOBS,
            ns,
            job("count", "completions", 2L, "parallelism", 2L, "completionMode", "Indexed"));
    LiveCluster.await("two pods", () -> pods(ns).size() == 2);
    for (Tree pod : pods(ns)) {
      assertTrue(Meta.finalizers(pod).contains("batch.kubernetes.io/job-tracking"));
      String index = Meta.annotation(pod, "batch.kubernetes.io/job-completion-index");
      assertEquals("count-" + index, pod.text("spec", "hostname"));
      assertTrue(Meta.name(pod).startsWith("count-" + index + "-"));
      end(ns, pod, "Succeeded", 0);
    }
    Tree done =
        cluster.await(Resources.JOBS, ns, "count", j -> has(j, "Complete", "CompletionsReached"));
    assertEquals("0,1", done.text("status", "completedIndexes"));
    assertEquals(2, done.number(0, "status", "succeeded"));
    assertTrue(done.has("status", "completionTime"));
    LiveCluster.await(
        "free pods", () -> pods(ns).stream().allMatch(pod -> Meta.finalizers(pod).isEmpty()));
  }

  @Test
  void tooManyFailuresEndTheJob() {
    String ns = cluster.namespace("failing");
    cluster.client().create(Resources.JOBS, ns, job("fail", "backoffLimit", 0L));
    LiveCluster.await("a pod", () -> pods(ns).size() == 1);
    end(ns, pods(ns).getFirst(), "Failed", 1);
    Tree failed =
        cluster.await(Resources.JOBS, ns, "fail", j -> has(j, "Failed", "BackoffLimitExceeded"));
    assertEquals(1, failed.number(0, "status", "failed"));
    assertTrue(has(failed, "FailureTarget", "BackoffLimitExceeded"));
  }

  @Test
  void theFailurePolicyDecidesByExitCode() {
    String ns = cluster.namespace("policy");
    Tree rule =
        Tree.of(
            "action",
            "FailJob",
            "onExitCodes",
            Tree.of("operator", "In", "values", TreeList.of(42L)));
    cluster
        .client()
        .create(
            Resources.JOBS,
            ns,
            job("picky", "podFailurePolicy", Tree.of("rules", TreeList.of(rule))));
    LiveCluster.await("a pod", () -> pods(ns).size() == 1);
    Tree pod = pods(ns).getFirst();
    end(ns, pod, "Failed", 42);
    Tree failed =
        cluster.await(Resources.JOBS, ns, "picky", j -> has(j, "Failed", "PodFailurePolicy"));
    assertEquals(
        "Container main for pod "
            + Meta.key(pod)
            + " failed with exit code 42 matching FailJob rule at index 0",
        requireNonNull(Conditions.find(failed, "Failed")).text("message"));
  }

  @Test
  void oneIndexMayBeEnough() {
    String ns = cluster.namespace("enough");
    Tree policy = Tree.of("rules", TreeList.of(Tree.of("succeededIndexes", "0")));
    cluster
        .client()
        .create(
            Resources.JOBS,
            ns,
            job(
                "first",
                "completions",
                2L,
                "parallelism",
                2L,
                "completionMode",
                "Indexed",
                "successPolicy",
                policy));
    LiveCluster.await("two pods", () -> pods(ns).size() == 2);
    for (Tree pod : pods(ns)) {
      if ("0".equals(Meta.annotation(pod, "batch.kubernetes.io/job-completion-index"))) {
        end(ns, pod, "Succeeded", 0);
      }
    }
    Tree done =
        cluster.await(Resources.JOBS, ns, "first", j -> has(j, "Complete", "SuccessPolicy"));
    assertEquals("0", done.text("status", "completedIndexes"));
    assertEquals(0, done.number(0, "status", "active"));
  }

  @Test
  void aSuspendedJobWaits() {
    String ns = cluster.namespace("waiting");
    cluster.client().create(Resources.JOBS, ns, job("later", "suspend", true));
    cluster.await(Resources.JOBS, ns, "later", j -> has(j, "Suspended", "JobSuspended"));
    assertTrue(pods(ns).isEmpty());
    cluster.change(Resources.JOBS, ns, "later", j -> j.set(false, "spec", "suspend"));
    LiveCluster.await("a pod", () -> pods(ns).size() == 1);
  }

  @Test
  void aDeletedJobLeavesNoPodBehind() {
    String ns = cluster.namespace("gone");
    cluster.client().create(Resources.JOBS, ns, job("brief"));
    LiveCluster.await("a pod", () -> pods(ns).size() == 1);
    Tree options =
        Tree.of("apiVersion", "v1", "kind", "DeleteOptions", "propagationPolicy", "Background");
    cluster.client().delete(Resources.JOBS, ns, "brief", options);
    LiveCluster.await("no pods", () -> pods(ns).isEmpty());
  }

  @Test
  void restartingForEverIsRefused() {
    String ns = cluster.namespace("refused");
    Tree wrong = job("wrong");
    wrong.set("Always", "spec", "template", "spec", "restartPolicy");
    ApiException refused =
        assertThrows(ApiException.class, () -> cluster.client().create(Resources.JOBS, ns, wrong));
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains(
                "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\","
                    + " \"Never\""),
        refused.getMessage());
  }

  @Test
  void aCronJobMakesJobsByTheClock() {
    String ns = cluster.namespace("clock");
    Tree cronJob =
        Tree.of(
            "apiVersion",
            "batch/v1",
            "kind",
            "CronJob",
            "metadata",
            Tree.of("name", "tick"),
            "spec",
            Tree.of(
                "schedule",
                "@every 1s",
                "concurrencyPolicy",
                "Forbid",
                "jobTemplate",
                Tree.of("spec", job("unused").treeOrEmpty("spec").copy())));
    cluster.client().create(Resources.CRON_JOBS, ns, cronJob);
    Tree ticked =
        cluster.await(Resources.CRON_JOBS, ns, "tick", c -> c.list("status", "active").size() == 1);
    assertTrue(ticked.has("status", "lastScheduleTime"));
    LiveCluster.await("a pod of its job", () -> pods(ns).size() == 1);
    Tree made = cluster.list(Resources.JOBS, ns).getFirst();
    assertEquals("tick", requireNonNull(Meta.controllerOf(made)).text("name"));
    LiveCluster.await(
        "a refusal to run two",
        () ->
            cluster.list(Resources.EVENTS, ns).stream()
                .anyMatch(event -> "JobAlreadyActive".equals(event.text("reason"))));
  }
}
