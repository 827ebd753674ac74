package io.bulwark.cluster.controller.job;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes finished Jobs when the time is over for which they ask to be kept.
 *
 * <p>Source: kubernetes pkg/controller/ttlafterfinished.
 */
public final class FinishedJobs implements Component {
  /** The service account. */
  public static final String NAME = "ttl-after-finished-controller";

  private final ControllerContext context;
  private final Informer jobs;
  private final ControllerLoop<String> loop;

  public FinishedJobs(ControllerContext context) {
    this.context = context;
    this.jobs = context.informers().of(Resources.JOBS);
    this.loop = new ControllerLoop<>(NAME, 1, this::reconcile);
  }

  @Override
  public void start() {
    jobs.onChange(
        (before, after) -> {
          if (after != null && concerned(after)) {
            loop.add(Meta.key(after));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private static boolean concerned(Tree job) {
    return !Meta.terminating(job)
        && job.has("spec", "ttlSecondsAfterFinished")
        && Outcome.finished(job);
  }

  private @Nullable Duration reconcile(String key) {
    Tree cached = jobs.get(key);
    if (cached == null || !concerned(cached)) {
      return null;
    }
    Tree job = context.client().find(Resources.JOBS, Meta.namespace(cached), Meta.name(cached));
    if (job == null || !concerned(job)) {
      return null;
    }
    Instant now = context.clock().instant();
    Instant due = finished(job, now).plusSeconds(job.number(0, "spec", "ttlSecondsAfterFinished"));
    if (now.isBefore(due)) {
      return Duration.between(now, due);
    }
    Tree options =
        Tree.of(
            "apiVersion", "v1",
            "kind", "DeleteOptions",
            "propagationPolicy", "Foreground",
            "preconditions", Tree.of("uid", Meta.uid(job)));
    try {
      context.client().delete(Resources.JOBS, Meta.namespace(job), Meta.name(job), options);
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
    return null;
  }

  private static Instant finished(Tree job, Instant now) {
    for (String type : new String[] {"Complete", "Failed"}) {
      Tree condition = Conditions.find(job, type);
      Instant since =
          condition == null ? null : Timestamps.parse(condition.text("lastTransitionTime"));
      if (since != null && Conditions.status(job, type).equals("True")) {
        return since;
      }
    }
    return now;
  }
}
