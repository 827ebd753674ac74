package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.controller.loop.Concurrently;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.controller.pod.Expectations;
import io.bulwark.cluster.controller.pod.Owners;
import io.bulwark.cluster.controller.pod.Ownership;
import io.bulwark.cluster.controller.pod.PodMaker;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods of Jobs until enough have succeeded, or too many failed.
 *
 * <p>Source: kubernetes pkg/controller/job.
 */
public final class JobController implements Component {
  /** The service account. */
  public static final String NAME = "job-controller";

  private static final Duration SYNCING = Duration.ofMillis(20);
  private static final String MANAGED_BY = "kubernetes.io/job-controller";

  private final ControllerContext context;
  private final Informer jobs;
  private final Informer pods;
  private final Ownership ownership;
  private final PodMaker maker;
  private final Expectations expectations;
  private final Map<String, Backoff> backoffs = new ConcurrentHashMap<>();
  private final Map<String, Long> written = new ConcurrentHashMap<>();
  private final ControllerLoop<String> loop;
  private final Owners owners;
  private final ControllerLoop<String> orphans;

  /**
   * @param workers how many Jobs are worked on at once
   */
  public JobController(ControllerContext context, int workers) {
    this.context = context;
    this.jobs = context.informers().of(Resources.JOBS);
    this.pods = context.informers().of(Resources.PODS);
    this.ownership = new Ownership(context.client(), Resources.JOBS, pods, JobPods.FINALIZER);
    this.maker = new PodMaker(context.client(), context.events());
    this.expectations = new Expectations(context.clock());
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
    this.owners = new Owners(jobs, Owners::selector, expectations, loop::add);
    this.orphans = new ControllerLoop<>(NAME + "-orphans", 1, this::free);
  }

  @Override
  public void start() {
    owners.follow(pods);
    jobs.onChange(this::jobChanged);
    pods.onChange(this::podChanged);
    loop.start();
    orphans.start();
  }

  @Override
  public void close() {
    loop.close();
    orphans.close();
    context.events().close();
  }

  private void jobChanged(@Nullable Tree before, @Nullable Tree after) {
    if (before != null && (after == null || !Meta.uid(before).equals(Meta.uid(after)))) {
      backoffs.remove(Meta.uid(before));
      written.remove(Meta.uid(before));
      ownership.ownedBy(Meta.uid(before)).forEach(pod -> orphans.add(Meta.key(pod)));
    }
  }

  private void podChanged(@Nullable Tree before, @Nullable Tree after) {
    if (after != null && JobPods.tracked(after) && owners.of(after) == null) {
      orphans.add(Meta.key(after));
    }
  }

  private @Nullable Duration reconcile(String key) throws Exception {
    if (!jobs.synced() || !pods.synced()) {
      return SYNCING;
    }
    Tree job = jobs.get(key);
    if (job == null || foreign(job)) {
      return null;
    }
    if (Long.parseLong(Meta.resourceVersion(job)) < written.getOrDefault(Meta.uid(job), 0L)) {
      return SYNCING;
    }
    if (Outcome.finished(job)) {
      ownership.ownedBy(Meta.uid(job)).stream()
          .filter(JobPods::tracked)
          .forEach(pod -> orphans.add(Meta.key(pod)));
      return null;
    }
    boolean current = expectations.satisfied(key);
    List<Tree> owned = ownership.claim(job, Owners.selector(job));
    if (!current) {
      return null;
    }
    JobPass pass =
        new JobPass(
            job,
            owned,
            backoffs.computeIfAbsent(Meta.uid(job), _ -> new Backoff()),
            context.clock().instant());
    write(job, pass.status());
    Exception failed = delete(key, job, pass.doomed);
    if (failed == null) {
      failed = create(key, job, pass.wanted);
    }
    for (Tree pod : pass.released()) {
      release(pod);
    }
    if (failed != null) {
      throw failed;
    }
    return pass.again;
  }

  private static boolean foreign(Tree job) {
    String manager = job.textOrEmpty("spec", "managedBy");
    return !manager.isEmpty() && !manager.equals(MANAGED_BY);
  }

  private void write(Tree job, Tree status) {
    if (status.equals(job.treeOrEmpty("status"))) {
      return;
    }
    Tree changed = job.copy();
    changed.put("status", status);
    Tree stored = context.client().updateStatus(Resources.JOBS, changed);
    written.put(Meta.uid(job), Long.parseLong(Meta.resourceVersion(stored)));
    for (Tree condition : status.trees("conditions")) {
      String type = condition.textOrEmpty("type");
      boolean fresh =
          job.trees("status", "conditions").stream()
              .noneMatch(old -> old.textOrEmpty("type").equals(type));
      if (type.equals("Suspended")
          && !condition.textOrEmpty("status").equals(Conditions.status(job, type))) {
        String state = condition.textOrEmpty("status").equals("True") ? "Suspended" : "Resumed";
        context.events().normal(job, state, condition.textOrEmpty("message"));
      }
      if (fresh && type.equals("Complete")) {
        context.events().normal(job, "Completed", "Job completed");
      } else if (fresh && type.equals("Failed")) {
        context
            .events()
            .warning(job, condition.textOrEmpty("reason"), condition.textOrEmpty("message"));
      }
    }
  }

  private @Nullable Exception create(String key, Tree job, List<Tree> wanted)
      throws InterruptedException {
    if (wanted.isEmpty()) {
      return null;
    }
    expectations.expectCreations(key, wanted.size());
    List<Callable<Tree>> calls = new ArrayList<>();
    for (Tree pod : wanted) {
      calls.add(() -> make(job, pod));
    }
    Concurrently.Outcome outcome = Concurrently.all(calls);
    expectations.created(key, wanted.size() - outcome.done());
    return outcome.failure();
  }

  private Tree make(Tree job, Tree pod) {
    try {
      return maker.create(job, pod);
    } catch (ApiException refused) {
      if (Refusals.namespaceTerminating(refused)) {
        return pod;
      }
      throw refused;
    }
  }

  private @Nullable Exception delete(String key, Tree job, List<Tree> doomed)
      throws InterruptedException {
    if (doomed.isEmpty()) {
      return null;
    }
    expectations.expectDeletions(key, doomed.stream().map(Meta::uid).toList());
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (Tree pod : doomed) {
      calls.add(
          () -> {
            try {
              maker.delete(job, pod);
            } catch (ApiException refused) {
              expectations.deleted(key, Meta.uid(pod));
              if (!refused.notFound()) {
                throw refused;
              }
            }
            return true;
          });
    }
    return Concurrently.all(calls).failure();
  }

  private void release(Tree pod) {
    Tree patch =
        Tree.of(
            "metadata",
            Tree.of(
                "$deleteFromPrimitiveList/finalizers",
                TreeList.of(JobPods.FINALIZER),
                "uid",
                Meta.uid(pod)));
    try {
      context
          .client()
          .patch(
              Resources.PODS,
              Meta.namespace(pod),
              Meta.name(pod),
              null,
              PatchType.STRATEGIC,
              patch,
              Query.none());
    } catch (ApiException refused) {
      // 404: gone. 409: another pod has its name.
      if (!refused.notFound() && refused.code() != 409) {
        throw refused;
      }
    }
  }

  /** Frees a pod that no running Job counts any more. */
  private @Nullable Duration free(String key) {
    if (!jobs.synced()) {
      return SYNCING;
    }
    Tree pod = pods.get(key);
    if (pod == null || !JobPods.tracked(pod)) {
      return null;
    }
    Tree reference = Meta.controllerOf(pod);
    if (reference != null && !"Job".equals(reference.text("kind"))) {
      return null;
    }
    Tree cached = owners.of(pod);
    if (cached != null && !Outcome.finished(cached)) {
      return null;
    }
    if (reference != null) {
      Tree job =
          context.client().find(Resources.JOBS, Meta.namespace(pod), reference.textOrEmpty("name"));
      boolean same = job != null && Meta.uid(job).equals(reference.text("uid"));
      if (job != null && same && !Outcome.finished(job)) {
        return null;
      }
    }
    release(pod);
    return null;
  }
}
