package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors Endpoints that people write for Services without a selector into EndpointSlices.
 *
 * <p>Source: kubernetes pkg/controller/endpointslicemirroring.
 */
public final class MirroringController implements Component {
  /** The service account. */
  public static final String NAME = "endpointslicemirroring-controller";

  /** The source of events. */
  public static final String EVENT_SOURCE = "endpoint-slice-mirroring-controller";

  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final int LIMIT = 1000;

  private final ControllerContext context;
  private final Informer services;
  private final Informer endpoints;
  private final Informer slices;
  private final SliceWriter writer;
  private final ControllerLoop<String> loop;

  public MirroringController(ControllerContext context, int workers) {
    this.context = context;
    this.services = context.informers().of(Resources.SERVICES);
    this.endpoints = context.informers().of(Resources.ENDPOINTS);
    this.slices = context.informers().of(Resources.ENDPOINT_SLICES);
    this.writer = new SliceWriter(context.client(), slices, NAME + ".k8s.io");
    this.loop = new ControllerLoop<>(NAME, workers, this::reconcile);
  }

  @Override
  public void start() {
    services.onChange(this::wake);
    endpoints.onChange(this::wake);
    slices.onChange(
        (before, after) -> {
          for (Tree slice : new Tree[] {before, after}) {
            if (slice != null && writer.mine(slice)) {
              loop.add(Meta.namespace(slice) + "/" + Meta.labels(slice).get(SliceWriter.SERVICE));
            }
          }
        });
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
    if (!services.synced() || !endpoints.synced() || !slices.synced()) {
      return Duration.ofMillis(20);
    }
    Tree source = endpoints.get(key);
    Tree service = services.get(key);
    if (source == null || service == null || !mirrored(source, service)) {
      writer.existing(key).forEach(writer::delete);
      writer.forget(key);
      return null;
    }
    if (!writer.current(key)) {
      return Duration.ofSeconds(1);
    }
    writer.write(
        key,
        Meta.namespace(source),
        SlicePlan.of(writer.existing(key), groups(source), template(source)));
    return null;
  }

  private static boolean mirrored(Tree source, Tree service) {
    return !"true".equals(Meta.label(source, SKIP))
        && Meta.annotation(source, LEADER) == null
        && service.treeOrEmpty("spec", "selector").isEmpty();
  }

  private static Tree template(Tree source) {
    Tree labels = source.treeOrEmpty("metadata", "labels").copy();
    labels.put(SliceWriter.SERVICE, Meta.name(source));
    labels.put(SliceWriter.MANAGED_BY, NAME + ".k8s.io");
    Tree annotations = source.treeOrEmpty("metadata", "annotations").copy();
    annotations.remove(APPLIED);
    Tree metadata =
        Tree.of(
            "generateName",
            Meta.name(source) + "-",
            "namespace",
            Meta.namespace(source),
            "labels",
            labels,
            "ownerReferences",
            TreeList.of(Meta.controllerReference(source)));
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    return Tree.of(
        "apiVersion", "discovery.k8s.io/v1", "kind", "EndpointSlice", "metadata", metadata);
  }

  private static Collection<SliceGroup> groups(Tree source) {
    Map<SliceGroup.Key, SliceGroup> groups = new LinkedHashMap<>();
    for (Tree subset : source.trees("subsets")) {
      TreeList ports = new TreeList();
      for (Tree port : subset.trees("ports")) {
        Tree mirrored = port.copy();
        mirrored.put("name", port.textOrEmpty("name"));
        ports.add(mirrored);
      }
      add(groups, subset, "addresses", true, ports);
      add(groups, subset, "notReadyAddresses", false, ports);
    }
    return groups.values();
  }

  private static void add(
      Map<SliceGroup.Key, SliceGroup> groups,
      Tree subset,
      String list,
      boolean ready,
      TreeList ports) {
    int count = 0;
    for (Tree address : subset.trees(list)) {
      if (count++ == LIMIT) {
        return;
      }
      String ip = address.textOrEmpty("ip");
      SliceGroup.Key key = new SliceGroup.Key(ip.contains(":") ? "IPv6" : "IPv4", ports.copy());
      Tree endpoint =
          Tree.of(
              "addresses", TreeList.of(ip),
              "conditions", Tree.of("ready", ready));
      for (String copied : new String[] {"hostname", "nodeName"}) {
        String value = address.text(copied);
        if (value != null) {
          endpoint.put(copied, value);
        }
      }
      Tree reference = address.tree("targetRef");
      if (reference != null) {
        endpoint.put("targetRef", reference.copy());
      }
      groups
          .computeIfAbsent(key, none -> new SliceGroup(key, new LinkedHashMap<>()))
          .endpoints()
          .put(SliceGroup.identity(endpoint), endpoint);
    }
  }
}
