package io.bulwark.cluster.controller;

import io.bulwark.client.ApiClient;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informers;
import io.bulwark.cluster.controller.cronjob.CronJobController;
import io.bulwark.cluster.controller.daemon.DaemonController;
import io.bulwark.cluster.controller.deployment.DeploymentController;
import io.bulwark.cluster.controller.disruption.DisruptionController;
import io.bulwark.cluster.controller.endpoint.EndpointSliceController;
import io.bulwark.cluster.controller.endpoint.EndpointsController;
import io.bulwark.cluster.controller.endpoint.MirroringController;
import io.bulwark.cluster.controller.garbage.GarbageCollector;
import io.bulwark.cluster.controller.job.FinishedJobs;
import io.bulwark.cluster.controller.job.JobController;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.namespace.NamespaceController;
import io.bulwark.cluster.controller.node.NodeLifecycle;
import io.bulwark.cluster.controller.node.NodeRanges;
import io.bulwark.cluster.controller.node.PodGarbage;
import io.bulwark.cluster.controller.node.TaintEviction;
import io.bulwark.cluster.controller.quota.QuotaController;
import io.bulwark.cluster.controller.rbac.RoleAggregation;
import io.bulwark.cluster.controller.replica.ReplicaController;
import io.bulwark.cluster.controller.replica.ReplicaKind;
import io.bulwark.cluster.controller.serviceaccount.DefaultServiceAccount;
import io.bulwark.cluster.controller.serviceaccount.RootCaPublisher;
import io.bulwark.cluster.controller.stateful.StatefulController;
import io.bulwark.cluster.platform.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The controllers of a cluster that need nothing but its API, each with an identity of its own. */
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
      for (ControllerName name : ControllerName.values()) {
        Component controller = configuration.selection().runs(name) ? make(name) : null;
        if (controller != null) {
          running.add(controller);
          controller.start();
        }
      }
    } catch (Exception failed) {
      close();
      throw failed;
    }
  }

  private @Nullable Component make(ControllerName name) {
    int workers = configuration.workers();
    return switch (name) {
      case NODE_IPAM -> nodeRanges();
      case SERVICE_ACCOUNT -> new DefaultServiceAccount(context(DefaultServiceAccount.NAME));
      case ROOT_CA -> new RootCaPublisher(context(RootCaPublisher.NAME), configuration.rootCa());
      case CLUSTER_ROLE_AGGREGATION -> new RoleAggregation(context(RoleAggregation.NAME));
      case REPLICA_SET -> replicas(ReplicaKind.REPLICA_SET);
      case REPLICATION_CONTROLLER -> replicas(ReplicaKind.REPLICATION_CONTROLLER);
      case DEPLOYMENT -> new DeploymentController(context(DeploymentController.NAME), workers);
      case DAEMON_SET ->
          new DaemonController(
              context(DaemonController.NAME, DaemonController.EVENT_SOURCE), workers);
      case STATEFUL_SET -> new StatefulController(context(StatefulController.NAME), workers);
      case DISRUPTION ->
          new DisruptionController(
              context(DisruptionController.NAME, DisruptionController.EVENT_SOURCE), workers);
      case JOB -> new JobController(context(JobController.NAME), workers);
      case CRON_JOB -> new CronJobController(context(CronJobController.NAME), workers);
      case TTL_AFTER_FINISHED -> new FinishedJobs(context(FinishedJobs.NAME));
      case NAMESPACE -> new NamespaceController(context(NamespaceController.NAME), workers);
      case ENDPOINTS -> new EndpointsController(context(EndpointsController.NAME), workers);
      case ENDPOINT_SLICE ->
          new EndpointSliceController(
              context(EndpointSliceController.NAME, EndpointSliceController.EVENT_SOURCE), workers);
      case ENDPOINT_SLICE_MIRRORING ->
          new MirroringController(
              context(MirroringController.NAME, MirroringController.EVENT_SOURCE), workers);
      case RESOURCE_QUOTA -> new QuotaController(context(QuotaController.NAME), workers);
      case NODE_LIFECYCLE ->
          new NodeLifecycle(context(NodeLifecycle.NAME), configuration.nodeGrace(), workers);
      case TAINT_EVICTION ->
          new TaintEviction(context(NodeLifecycle.NAME, TaintEviction.EVENT_SOURCE), workers);
      case POD_GARBAGE ->
          new PodGarbage(
              context(PodGarbage.NAME), configuration.terminatedPods(), configuration.nodeGrace());
      case GARBAGE_COLLECTOR ->
          new GarbageCollector(
              context(GarbageCollector.NAME), workers, configuration.rediscovery());
      case SERVICE_ACCOUNT_TOKEN, IMAGE, CERTIFICATE_SIGNING ->
          null; // need keys and files: the control plane starts them
    };
  }

  private @Nullable Component nodeRanges() {
    String podRange = configuration.podRange();
    return podRange == null
        ? null
        : new NodeRanges(
            context(NodeLifecycle.NAME, NodeRanges.EVENT_SOURCE),
            podRange,
            configuration.nodePrefix());
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
