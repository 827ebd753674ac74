package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Endpoints object of every Service with a selector.
 *
 * <p>Source: kubernetes pkg/controller/endpoint.
 */
public final class EndpointsController implements Component {
  /** The service account, and the source of events. */
  public static final String NAME = "endpoint-controller";

  private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
  private static final int LIMIT = 1000;

  private final ControllerContext context;
  private final Informer services;
  private final Informer pods;
  private final Informer endpoints;
  private final ServicePods behind;
  private final TriggerTimes triggers = new TriggerTimes();
  private final ControllerLoop<String> loop;

  public EndpointsController(ControllerContext context, int workers) {
    this.context = context;
    this.services = context.informers().of(Resources.SERVICES);
    this.pods = context.informers().of(Resources.PODS);
    this.endpoints = context.informers().of(Resources.ENDPOINTS);
    this.behind = new ServicePods(services, pods);
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    services.onChange((before, after) -> wake(before, after));
    endpoints.onChange(
        (before, after) -> {
          if (before != null) {
            wake(before, after);
          }
        });
    pods.onChange((before, after) -> behind.touched(before, after).forEach(loop::add));
    loop.start();
  }

  private void wake(@Nullable Tree before, @Nullable Tree after) {
    Tree object = after == null ? before : after;
    if (object != null) {
      loop.add(Meta.key(object));
    }
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String key) {
    if (!behind.synced() || !endpoints.synced()) {
      return Duration.ofMillis(20);
    }
    Tree service = behind.service(key);
    Tree present = endpoints.get(key);
    if (service == null) {
      triggers.forget(key);
      if (present != null && present.has("metadata", "labels", MANAGED_BY)) {
        delete(present);
      }
      return null;
    }
    if (ServicePods.selects(service)) {
      write(service, present);
    }
    return null;
  }

  private void write(Tree service, @Nullable Tree present) {
    List<Tree> selected = behind.of(service);
    TreeList subsets = Subsets.of(service, selected, LIMIT);
    Tree labels = service.treeOrEmpty("metadata", "labels").copy();
    labels.put(MANAGED_BY, NAME);
    if (ServicePods.headless(service)) {
      labels.put(ServicePods.HEADLESS, "");
    } else {
      labels.remove(ServicePods.HEADLESS);
    }
    boolean truncated = size(subsets) == LIMIT && selected.size() > LIMIT;
    if (present != null
        && present.list("subsets").equals(subsets)
        && present.treeOrEmpty("metadata", "labels").equals(labels)
        && truncated == "truncated".equals(Meta.annotation(present, OVER_CAPACITY))) {
      return;
    }
    Tree changed =
        present != null
            ? present.copy()
            : Tree.of(
                "apiVersion", "v1",
                "kind", "Endpoints",
                "metadata",
                    Tree.of("name", Meta.name(service), "namespace", Meta.namespace(service)));
    changed.put("subsets", subsets);
    changed.set(labels, "metadata", "labels");
    annotate(changed, ServicePods.TRIGGER_TIME, time(triggers.next(service, selected)));
    annotate(changed, OVER_CAPACITY, truncated ? "truncated" : null);
    send(service, changed, present == null);
  }

  private static int size(TreeList subsets) {
    return subsets.trees().stream()
        .mapToInt(s -> s.list("addresses").size() + s.list("notReadyAddresses").size())
        .sum();
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static void annotate(Tree object, String key, @Nullable String value) {
    if (value == null) {
      object.drop("metadata", "annotations", key);
    } else {
      object.set(value, "metadata", "annotations", key);
    }
  }

  private void send(Tree service, Tree changed, boolean fresh) {
    try {
      if (fresh) {
        context.client().create(Resources.ENDPOINTS, Meta.namespace(changed), changed);
      } else {
        context.client().update(Resources.ENDPOINTS, changed);
      }
    } catch (ApiException refused) {
      if (Refusals.namespaceTerminating(refused)) {
        return;
      }
      if (!refused.conflict() && !refused.alreadyExists()) {
        context
            .events()
            .warning(
                service,
                fresh ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint",
                "Failed to %s endpoint %s: %s"
                    .formatted(
                        fresh ? "create" : "update", Meta.key(service), refused.getMessage()));
      }
      throw refused;
    }
  }

  private void delete(Tree present) {
    try {
      context
          .client()
          .delete(Resources.ENDPOINTS, Meta.namespace(present), Meta.name(present), null);
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }
}
