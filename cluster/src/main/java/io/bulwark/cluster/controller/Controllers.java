package io.bulwark.cluster.controller;

import io.bulwark.client.ApiClient;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informers;
import io.bulwark.cluster.controller.deployment.DeploymentController;
import io.bulwark.cluster.controller.endpoint.EndpointSliceController;
import io.bulwark.cluster.controller.endpoint.EndpointsController;
import io.bulwark.cluster.controller.endpoint.MirroringController;
import io.bulwark.cluster.controller.garbage.GarbageCollector;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.namespace.NamespaceController;
import io.bulwark.cluster.controller.node.NodeLifecycle;
import io.bulwark.cluster.controller.node.NodeRanges;
import io.bulwark.cluster.controller.node.PodGarbage;
import io.bulwark.cluster.controller.node.TaintEviction;
import io.bulwark.cluster.controller.rbac.RoleAggregation;
import io.bulwark.cluster.controller.replica.ReplicaController;
import io.bulwark.cluster.controller.replica.ReplicaKind;
import io.bulwark.cluster.controller.serviceaccount.DefaultServiceAccount;
import io.bulwark.cluster.controller.serviceaccount.RootCaPublisher;
import io.bulwark.cluster.platform.Component;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** All controllers of a cluster, each with an identity of its own. */
public final class Controllers implements Component {
  private final Function<String, ApiClient> clients;
  private final Informers informers;
  private final ControllersConfiguration configuration;
  private final List<Component> running = new ArrayList<>();

  /**
   * @param clients gives the client of a controller by the name of its service account in
   *     kube-system
   * @param informers shared with other components of the process; stays open
   */
  public Controllers(
      Function<String, ApiClient> clients,
      Informers informers,
      ControllersConfiguration configuration) {
    this.clients = clients;
    this.informers = informers;
    this.configuration = configuration;
  }

  @Override
  public synchronized void start() throws Exception {
    try {
      for (Map.Entry<String, Supplier<Component>> row : all().entrySet()) {
        if (configuration.selection().runs(row.getKey())) {
          Component controller = row.getValue().get();
          running.add(controller);
          controller.start();
        }
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  /** Every controller by upstream's name for it, in the order in which they start. */
  private Map<String, Supplier<Component>> all() {
    int workers = configuration.workers();
    Map<String, Supplier<Component>> all = new LinkedHashMap<>();
    String podRange = configuration.podRange();
    if (podRange != null) {
      all.put(
          "node-ipam-controller",
          () ->
              new NodeRanges(
                  context(NodeLifecycle.NAME, NodeRanges.EVENT_SOURCE),
                  podRange,
                  configuration.nodePrefix()));
    }
    identities(all);
    workloads(all, workers);
    endpoints(all, workers);
    nodes(all, workers);
    all.put(
        "garbage-collector-controller",
        () ->
            new GarbageCollector(
                context(GarbageCollector.NAME), workers, configuration.rediscovery()));
    return all;
  }

  private void identities(Map<String, Supplier<Component>> all) {
    all.put(
        "serviceaccount-controller",
        () -> new DefaultServiceAccount(context(DefaultServiceAccount.NAME)));
    all.put(
        "root-ca-certificate-publisher-controller",
        () -> new RootCaPublisher(context(RootCaPublisher.NAME), configuration.rootCa()));
    all.put(
        "clusterrole-aggregation-controller",
        () -> new RoleAggregation(context(RoleAggregation.NAME)));
  }

  private void endpoints(Map<String, Supplier<Component>> all, int workers) {
    all.put(
        "endpoints-controller",
        () -> new EndpointsController(context(EndpointsController.NAME), workers));
    all.put(
        "endpointslice-controller",
        () ->
            new EndpointSliceController(
                context(EndpointSliceController.NAME, EndpointSliceController.EVENT_SOURCE),
                workers));
    all.put(
        "endpointslice-mirroring-controller",
        () ->
            new MirroringController(
                context(MirroringController.NAME, MirroringController.EVENT_SOURCE), workers));
  }

  private void nodes(Map<String, Supplier<Component>> all, int workers) {
    all.put(
        "node-lifecycle-controller",
        () -> new NodeLifecycle(context(NodeLifecycle.NAME), configuration.nodeGrace(), workers));
    all.put(
        "taint-eviction-controller",
        () -> new TaintEviction(context(NodeLifecycle.NAME, TaintEviction.EVENT_SOURCE), workers));
    all.put(
        "pod-garbage-collector-controller",
        () ->
            new PodGarbage(
                context(PodGarbage.NAME),
                configuration.terminatedPods(),
                configuration.nodeGrace()));
  }

  private void workloads(Map<String, Supplier<Component>> all, int workers) {
    all.put("replicaset-controller", () -> replicas(ReplicaKind.REPLICA_SET));
    all.put("replicationcontroller-controller", () -> replicas(ReplicaKind.REPLICATION_CONTROLLER));
    all.put(
        "deployment-controller",
        () -> new DeploymentController(context(DeploymentController.NAME), workers));
    all.put(
        "namespace-controller",
        () -> new NamespaceController(context(NamespaceController.NAME), workers));
  }

  private Component replicas(ReplicaKind kind) {
    return new ReplicaController(kind, context(kind.controllerName()), configuration.workers());
  }

  private ControllerContext context(String name) {
    return context(name, name);
  }

  private ControllerContext context(String account, String eventSource) {
    ApiClient client = clients.apply(account);
    return new ControllerContext(
        client,
        informers,
        new EventRecorder(client, eventSource, configuration.clock()),
        configuration.clock());
  }

  /** Ends the controllers in reverse order. */
  @Override
  public synchronized void close() {
    for (Component controller : running.reversed()) {
      controller.close();
    }
    running.clear();
  }
}
