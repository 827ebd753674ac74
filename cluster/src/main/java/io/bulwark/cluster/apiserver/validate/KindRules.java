package io.bulwark.cluster.apiserver.validate;

import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which rules each kind has. */
final class KindRules {
  private static final String RBAC = ".rbac.authorization.k8s.io";

  private static final Map<String, Rules> RULES =
      Map.ofEntries(
          Map.entry("Pod", new PodRules()),
          Map.entry("PodTemplate", new PodTemplateRules()),
          Map.entry("Deployment.apps", new DeploymentRules()),
          Map.entry("ReplicaSet.apps", new ReplicaSetRules()),
          Map.entry("ReplicationController", new ReplicationControllerRules()),
          Map.entry("DaemonSet.apps", new DaemonSetRules()),
          Map.entry("StatefulSet.apps", new StatefulSetRules()),
          Map.entry("ControllerRevision.apps", fixed(List.of(), "data")),
          Map.entry("PodDisruptionBudget.policy", new BudgetRules()),
          Map.entry("Job.batch", new JobRules()),
          Map.entry("CronJob.batch", new CronJobRules()),
          Map.entry("Service", new ServiceRules()),
          Map.entry("Endpoints", new EndpointsRules()),
          Map.entry("EndpointSlice.discovery.k8s.io", new EndpointSliceRules()),
          Map.entry("ConfigMap", new ConfigMapRules()),
          Map.entry("Secret", new SecretRules()),
          Map.entry("Namespace", new NamespaceRules()),
          Map.entry("Node", new NodeRules()),
          Map.entry("Lease.coordination.k8s.io", new LeaseRules()),
          Map.entry("Event", new EventRules()),
          Map.entry("Event.events.k8s.io", new EventRules()),
          Map.entry("ImagePolicy.image.bulwark.io", new ImagePolicyRules()),
          Map.entry("ClusterImagePolicy.image.bulwark.io", new ImagePolicyRules()),
          Map.entry("PriorityClass.scheduling.k8s.io", ClassRules.PRIORITY),
          Map.entry("RuntimeClass.node.k8s.io", ClassRules.RUNTIME),
          Map.entry("LimitRange", new LimitRangeRules()),
          Map.entry("ResourceQuota", new QuotaRules()),
          Map.entry(
              "StorageClass.storage.k8s.io",
              fixed(
                  List.of("provisioner"),
                  "parameters",
                  "provisioner",
                  "reclaimPolicy",
                  "volumeBindingMode")),
          Map.entry(
              "VolumeAttributesClass.storage.k8s.io",
              fixed(List.of("driverName"), "driverName", "parameters")),
          Map.entry(
              "VolumeAttachment.storage.k8s.io",
              fixed(List.of("spec.attacher", "spec.nodeName"), "spec")),
          Map.entry(
              "CSIDriver.storage.k8s.io",
              fixed(List.of(), "spec.attachRequired", "spec.volumeLifecycleModes")),
          Map.entry(
              "CSIStorageCapacity.storage.k8s.io",
              fixed(List.of("storageClassName"), "nodeTopology", "storageClassName")),
          Map.entry(
              "IngressClass.networking.k8s.io",
              fixed(List.of("spec.controller"), "spec.controller")),
          Map.entry(
              "IPAddress.networking.k8s.io", fixed(List.of("spec.parentRef"), "spec.parentRef")),
          Map.entry("ResourceClaim.resource.k8s.io", fixed(List.of(), "spec")),
          Map.entry("ResourceClaimTemplate.resource.k8s.io", fixed(List.of(), "spec")),
          Map.entry("Role" + RBAC, new RoleRules(true)),
          Map.entry("ClusterRole" + RBAC, new RoleRules(false)),
          Map.entry("RoleBinding" + RBAC, new BindingRules(true)),
          Map.entry("ClusterRoleBinding" + RBAC, new BindingRules(false)),
          Map.entry(
              "CertificateSigningRequest.certificates.k8s.io", new CertificateRequestRules()));

  /** Kinds whose required fields are all that upstream asks for, so that the schema says enough. */
  private static final Set<String> BY_SCHEMA =
      Set.of(
          "Pod",
          "PodTemplate",
          "Deployment.apps",
          "ReplicaSet.apps",
          "ReplicationController",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "NetworkPolicy.networking.k8s.io",
          "Ingress.networking.k8s.io",
          "ResourceClaim.resource.k8s.io");

  private KindRules() {}

  private static Rules fixed(List<String> required, String... fields) {
    return new FixedFields(required, List.of(fields));
  }

  static Rules of(Kind kind) {
    return RULES.getOrDefault(name(kind), Rules.NONE);
  }

  static boolean requiresBySchema(Kind kind) {
    return BY_SCHEMA.contains(name(kind));
  }

  private static String name(Kind kind) {
    return kind.resource().groupVersionKind().groupKind().toString();
  }
}
