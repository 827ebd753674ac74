package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what an object leaves out. Idempotent. Thread-safe.
 *
 * <p>Source: the defaults that upstream's API reference states for each field.
 */
public final class Defaults {
  private final Shapes shapes;

  public Defaults(Shapes shapes) {
    this.shapes = shapes;
  }

  /** Changes the object. */
  public void apply(Kind kind, Tree object) {
    Shape shape = shapes.of(kind.schema());
    Zeros.drop(object, shape);
    switch (kind.resource().groupVersionKind().groupKind().toString()) {
      case "Pod" -> PodDefaults.pod(object);
      case "PodTemplate" -> PodDefaults.template(object.child("template"));
      case "ReplicationController" -> WorkloadDefaults.replicationController(object);
      case "Deployment.apps" -> WorkloadDefaults.deployment(object);
      case "ReplicaSet.apps" -> WorkloadDefaults.replicaSet(object);
      case "DaemonSet.apps" -> WorkloadDefaults.daemonSet(object);
      case "StatefulSet.apps" -> WorkloadDefaults.statefulSet(object);
      case "Job.batch" -> BatchDefaults.job(object);
      case "CronJob.batch" -> BatchDefaults.cronJob(object);
      case "Service" -> ServiceDefaults.service(object);
      case "EndpointSlice.discovery.k8s.io" -> ServiceDefaults.endpointSlice(object);
      case "Endpoints" -> ServiceDefaults.endpoints(object);
      case "Secret" -> PlainDefaults.secret(object);
      case "Namespace" -> PlainDefaults.namespace(object);
      case "Node" -> PlainDefaults.node(object);
      case "RoleBinding.rbac.authorization.k8s.io",
          "ClusterRoleBinding.rbac.authorization.k8s.io" ->
          PlainDefaults.binding(object);
      case "PersistentVolume" -> StorageDefaults.volume(object);
      case "PersistentVolumeClaim" -> StorageDefaults.claim(object);
      case "StorageClass.storage.k8s.io" -> StorageDefaults.storageClass(object);
      case "CSIDriver.storage.k8s.io" -> StorageDefaults.driver(object);
      case "LimitRange" -> PolicyDefaults.limitRange(object);
      case "PriorityClass.scheduling.k8s.io" -> PolicyDefaults.priorityClass(object);
      case "NetworkPolicy.networking.k8s.io" -> PolicyDefaults.networkPolicy(object);
      case "IngressClass.networking.k8s.io" -> PolicyDefaults.ingressClass(object);
      case "FlowSchema.flowcontrol.apiserver.k8s.io" -> PolicyDefaults.flowSchema(object);
      case "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io" ->
          PolicyDefaults.priorityLevel(object);
      case "ResourceClaim.resource.k8s.io" ->
          PolicyDefaults.deviceRequests(object.treeOrEmpty("spec", "devices"));
      case "ResourceClaimTemplate.resource.k8s.io" ->
          PolicyDefaults.deviceRequests(object.treeOrEmpty("spec", "spec", "devices"));
      case "TokenRequest.authentication.k8s.io" -> PlainDefaults.tokenRequest(object);
      default -> {}
    }
    fill(object, shape);
    Zeros.fill(object, shape);
  }

  /** Gives an object that is about to be stored the members that are always there. Idempotent. */
  public void complete(Kind kind, Tree object) {
    Zeros.fill(object, shapes.of(kind.schema()));
  }

  /** Puts the defaults that the schema states into every struct that is there. */
  private static void fill(@Nullable Object value, Shape shape) {
    switch (value) {
      case Tree tree -> {
        for (String field : shape.fields()) {
          Shape type = shape.field(field);
          Object fallback = type == null ? null : type.defaultValue();
          if (fallback != null && stated(fallback) && !tree.containsKey(field)) {
            tree.put(field, fallback);
          }
        }
        tree.forEach((key, below) -> fill(below, Elements.member(shape, key)));
      }
      case TreeList list -> list.forEach(element -> fill(element, shape.element()));
      case null, default -> {}
    }
  }

  /** Whether a default shows: empty ones are what absence means already. */
  private static boolean stated(Object fallback) {
    return fallback instanceof String || fallback instanceof Long || fallback instanceof Boolean;
  }
}
