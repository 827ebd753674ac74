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
import java.util.List;
import java.util.function.Function;

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
      for (Component controller : all()) {
        running.add(controller);
        controller.start();
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  private List<Component> all() {
    int workers = configuration.workers();
    List<Component> all = new ArrayList<>();
    String podRange = configuration.podRange();
    if (podRange != null) {
      all.add(
          new NodeRanges(
              context(NodeLifecycle.NAME, NodeRanges.EVENT_SOURCE),
              podRange,
              configuration.nodePrefix()));
    }
    all.addAll(identities());
    all.addAll(workloads(workers));
    all.addAll(endpoints(workers));
    all.addAll(nodes(workers));
    all.add(
        new GarbageCollector(context(GarbageCollector.NAME), workers, configuration.rediscovery()));
    return all;
  }

  private List<Component> identities() {
    return List.of(
        new DefaultServiceAccount(context(DefaultServiceAccount.NAME)),
        new RootCaPublisher(context(RootCaPublisher.NAME), configuration.rootCa()),
        new RoleAggregation(context(RoleAggregation.NAME)));
  }

  private List<Component> endpoints(int workers) {
    return List.of(
        new EndpointsController(context(EndpointsController.NAME), workers),
        new EndpointSliceController(
            context(EndpointSliceController.NAME, EndpointSliceController.EVENT_SOURCE), workers),
        new MirroringController(
            context(MirroringController.NAME, MirroringController.EVENT_SOURCE), workers));
  }

  private List<Component> nodes(int workers) {
    return List.of(
        new NodeLifecycle(context(NodeLifecycle.NAME), configuration.nodeGrace(), workers),
        new TaintEviction(context(NodeLifecycle.NAME, TaintEviction.EVENT_SOURCE), workers),
        new PodGarbage(
            context(PodGarbage.NAME), configuration.terminatedPods(), configuration.nodeGrace()));
  }

  private List<Component> workloads(int workers) {
    return List.of(
        replicas(ReplicaKind.REPLICA_SET),
        replicas(ReplicaKind.REPLICATION_CONTROLLER),
        new DeploymentController(context(DeploymentController.NAME), workers),
        new NamespaceController(context(NamespaceController.NAME), workers));
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
