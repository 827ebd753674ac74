package io.bulwark.cluster.controller.quota;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.quantity.Quantity;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Discovery;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import io.bulwark.cluster.quota.QuotaScope;
import io.bulwark.cluster.quota.QuotaUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the objects of a namespace take of its quotas: when a quota changes, when something
 * that a quota bounds comes, goes or changes its share, and every five minutes. Only resources that
 * some quota bounds are followed.
 *
 * <p>Source: kubernetes pkg/controller/resourcequota.
 */
public final class QuotaController implements Component {
  /** The service account. */
  public static final String NAME = "resourcequota-controller";

  private static final Duration RECOUNT = Duration.ofMinutes(5);
  private static final Duration SYNCING = Duration.ofMillis(20);
  private static final List<Resource> KNOWN =
      List.of(
          Resources.PODS,
          Resources.SERVICES,
          Resources.PERSISTENT_VOLUME_CLAIMS,
          Resources.CONFIG_MAPS,
          Resources.SECRETS,
          Resources.REPLICATION_CONTROLLERS,
          Resources.RESOURCE_QUOTAS);

  private final ControllerContext context;
  private final Informer quotas;
  private final Discovery discovery;
  private final Map<Resource, Informer> followed = new ConcurrentHashMap<>();
  private final ControllerLoop<String> loop;

  /**
   * @param workers how many quotas are counted at once
   */
  public QuotaController(ControllerContext context, int workers) {
    this.context = context;
    this.quotas = context.informers().of(Resources.RESOURCE_QUOTAS);
    this.discovery = new Discovery(context.client());
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    quotas.onChange(this::quotaChanged);
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private void quotaChanged(@Nullable Tree before, @Nullable Tree after) {
    if (after != null
        && (before == null
            || !before.treeOrEmpty("spec").equals(after.treeOrEmpty("spec"))
            || !after.treeOrEmpty("status", "hard").equals(after.treeOrEmpty("spec", "hard")))) {
      loop.add(Meta.key(after));
    }
  }

  private void objectChanged(Resource resource, @Nullable Tree before, @Nullable Tree after) {
    Tree object = after == null ? before : after;
    if (object == null || (before != null && after != null && same(resource, before, after))) {
      return;
    }
    for (Tree quota : quotas.list(Meta.namespace(object))) {
      if (quota.treeOrEmpty("spec", "hard").keySet().stream()
          .anyMatch(name -> QuotaUsage.concerns(resource, name))) {
        loop.add(Meta.key(quota));
      }
    }
  }

  private boolean same(Resource resource, Tree before, Tree after) {
    Instant now = context.clock().instant();
    return QuotaUsage.of(resource, before, now).equals(QuotaUsage.of(resource, after, now))
        && QuotaScope.terminating(before) == QuotaScope.terminating(after);
  }

  private @Nullable Duration reconcile(String key) {
    if (!quotas.synced()) {
      return SYNCING;
    }
    Tree quota = quotas.get(key);
    if (quota == null) {
      return null;
    }
    List<Resource> counted = counted(quota.treeOrEmpty("spec", "hard"));
    for (Resource resource : counted) {
      if (!follow(resource).synced()) {
        return SYNCING;
      }
    }
    Tree status =
        Tree.of("hard", quota.treeOrEmpty("spec", "hard").copy(), "used", used(quota, counted));
    if (!status.equals(quota.treeOrEmpty("status"))) {
      Tree changed = quota.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.RESOURCE_QUOTAS, changed);
    }
    return RECOUNT;
  }

  private Informer follow(Resource resource) {
    return followed.computeIfAbsent(
        resource,
        _ -> {
          Informer informer = context.informers().of(resource);
          informer.onChange((before, after) -> objectChanged(resource, before, after));
          return informer;
        });
  }

  private List<Resource> counted(Tree hard) {
    List<Resource> counted = new ArrayList<>();
    for (String name : hard.keySet()) {
      List<Resource> known =
          KNOWN.stream().filter(resource -> QuotaUsage.concerns(resource, name)).toList();
      if (known.isEmpty() && name.startsWith("count/")) {
        known =
            discovery.resources().stream()
                .map(Discovery.Served::resource)
                .filter(resource -> QuotaUsage.concerns(resource, name))
                .limit(1)
                .toList();
      }
      known.stream().filter(resource -> !counted.contains(resource)).forEach(counted::add);
    }
    return counted;
  }

  private Tree used(Tree quota, List<Resource> counted) {
    Tree hard = quota.treeOrEmpty("spec", "hard");
    SortedMap<String, Quantity> sums = new TreeMap<>();
    hard.keySet().forEach(name -> sums.put(name, Quantity.ZERO));
    Instant now = context.clock().instant();
    for (Resource resource : counted) {
      for (Tree object : follow(resource).list(Meta.namespace(quota))) {
        if (QuotaScope.matches(quota, resource, object)) {
          QuotaUsage.of(resource, object, now)
              .forEach((name, amount) -> sums.computeIfPresent(name, (_, sum) -> sum.add(amount)));
        }
      }
    }
    Tree used = new Tree();
    sums.forEach((name, sum) -> used.put(name, sum.toString()));
    return used;
  }
}
