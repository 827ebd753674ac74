package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the EndpointSlices of every Service with a selector.
 *
 * <p>Source: kubernetes pkg/controller/endpointslice.
 */
public final class EndpointSliceController implements Component {
  /** The service account. */
  public static final String NAME = "endpointslice-controller";

  /** The source of events. */
  public static final String EVENT_SOURCE = "endpoint-slice-controller";

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final ControllerContext context;
  private final Informer services;
  private final Informer pods;
  private final Informer nodes;
  private final Informer slices;
  private final ServicePods behind;
  private final SliceWriter writer;
  private final TriggerTimes triggers = new TriggerTimes();
  private final ControllerLoop<String> loop;

  public EndpointSliceController(ControllerContext context, int workers) {
    this.context = context;
    this.services = context.informers().of(Resources.SERVICES);
    this.pods = context.informers().of(Resources.PODS);
    this.nodes = context.informers().of(Resources.NODES);
    this.slices = context.informers().of(Resources.ENDPOINT_SLICES);
    this.behind = new ServicePods(services, pods);
    this.writer = new SliceWriter(context.client(), slices, NAME + ".k8s.io");
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    services.onChange(
        (before, after) -> {
          Tree service = after == null ? before : after;
          if (service != null) {
            loop.add(Meta.key(service));
          }
        });
    slices.onChange(
        (before, after) -> {
          Tree slice = after == null ? before : after;
          if (slice != null && (writer.mine(slice) || (before != null && writer.mine(before)))) {
            Tree labelled = before == null ? slice : before;
            loop.add(Meta.namespace(slice) + "/" + Meta.labels(labelled).get(SliceWriter.SERVICE));
          }
        });
    pods.onChange((before, after) -> behind.touched(before, after).forEach(loop::add));
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String key) {
    if (!behind.synced() || !slices.synced() || !nodes.synced()) {
      return Duration.ofMillis(20);
    }
    Tree service = behind.service(key);
    if (service == null) {
      triggers.forget(key);
      writer.forget(key);
      return null;
    }
    if (!ServicePods.selects(service)) {
      writer.existing(key).forEach(writer::delete);
      return null;
    }
    if (!writer.current(key)) {
      // The slice's own event brings the key back.
      return Duration.ofSeconds(1);
    }
    List<Tree> selected = behind.of(service);
    Tree template = template(service);
    Instant trigger = triggers.next(service, selected);
    if (trigger != null) {
      template.set(trigger.toString(), "metadata", "annotations", ServicePods.TRIGGER_TIME);
    }
    writer.write(
        key,
        Meta.namespace(service),
        SlicePlan.of(writer.existing(key), groups(service, selected), template));
    return null;
  }

  private Tree template(Tree service) {
    Tree labels = service.treeOrEmpty("metadata", "labels").copy();
    labels.put(SliceWriter.SERVICE, Meta.name(service));
    labels.put(SliceWriter.MANAGED_BY, NAME + ".k8s.io");
    if (ServicePods.headless(service)) {
      labels.put(ServicePods.HEADLESS, "");
    } else {
      labels.remove(ServicePods.HEADLESS);
    }
    return Tree.of(
        "apiVersion", "discovery.k8s.io/v1",
        "kind", "EndpointSlice",
        "metadata",
            Tree.of(
                "generateName",
                Meta.name(service) + "-",
                "namespace",
                Meta.namespace(service),
                "labels",
                labels,
                "ownerReferences",
                TreeList.of(Meta.controllerReference(service))));
  }

  private Collection<SliceGroup> groups(Tree service, List<Tree> selected) {
    Map<SliceGroup.Key, SliceGroup> groups = new LinkedHashMap<>();
    for (String family : ServicePods.families(service)) {
      boolean any = false;
      for (Tree pod : selected) {
        String address = ServicePods.address(pod, family);
        if (address == null || !ServicePods.published(pod, true)) {
          continue;
        }
        SliceGroup.Key key = new SliceGroup.Key(family, ServicePods.ports(service, pod));
        Tree endpoint = endpoint(service, pod, address);
        groups
            .computeIfAbsent(key, none -> new SliceGroup(key, new LinkedHashMap<>()))
            .endpoints()
            .put(SliceGroup.identity(endpoint), endpoint);
        any = true;
      }
      if (!any) {
        SliceGroup.Key key = new SliceGroup.Key(family, new TreeList());
        groups.put(key, new SliceGroup(key, Map.of()));
      }
    }
    return groups.values();
  }

  private Tree endpoint(Tree service, Tree pod, String address) {
    boolean serving = PodState.ready(pod);
    boolean terminating = Meta.terminating(pod);
    boolean ready = service.flag("spec", "publishNotReadyAddresses") || (serving && !terminating);
    Tree endpoint =
        Tree.of(
            "addresses", TreeList.of(address),
            "conditions", Tree.of("ready", ready, "serving", serving, "terminating", terminating),
            "targetRef", ServicePods.targetReference(pod));
    String hostname = ServicePods.hostname(service, pod);
    if (hostname != null) {
      endpoint.put("hostname", hostname);
    }
    String nodeName = PodState.node(pod);
    if (!nodeName.isEmpty()) {
      endpoint.put("nodeName", nodeName);
      Tree node = nodes.get(nodeName);
      String zone = node == null ? null : Meta.label(node, ZONE);
      if (zone != null) {
        endpoint.put("zone", zone);
      }
    }
    return endpoint;
  }
}
