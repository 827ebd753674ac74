package io.bulwark.api.meta;

/** The built-in resources that components of the cluster work with. */
public final class Resources {
  public static final Resource NAMESPACES = core("namespaces", "Namespace", false);
  public static final Resource NODES = core("nodes", "Node", false);
  public static final Resource PODS = core("pods", "Pod", true);
  public static final Resource SERVICES = core("services", "Service", true);
  public static final Resource ENDPOINTS = core("endpoints", "Endpoints", true);
  public static final Resource CONFIG_MAPS = core("configmaps", "ConfigMap", true);
  public static final Resource SECRETS = core("secrets", "Secret", true);
  public static final Resource SERVICE_ACCOUNTS = core("serviceaccounts", "ServiceAccount", true);
  public static final Resource EVENTS = core("events", "Event", true);
  public static final Resource POD_TEMPLATES = core("podtemplates", "PodTemplate", true);
  public static final Resource REPLICATION_CONTROLLERS =
      core("replicationcontrollers", "ReplicationController", true);
  public static final Resource DEPLOYMENTS = apps("deployments", "Deployment");
  public static final Resource REPLICA_SETS = apps("replicasets", "ReplicaSet");
  public static final Resource ENDPOINT_SLICES =
      new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
  public static final Resource EVENTS_V1 =
      new Resource("events.k8s.io", "v1", "events", "Event", true);
  public static final Resource LEASES =
      new Resource("coordination.k8s.io", "v1", "leases", "Lease", true);
  public static final Resource ROLES = rbac("roles", "Role", true);
  public static final Resource ROLE_BINDINGS = rbac("rolebindings", "RoleBinding", true);
  public static final Resource CLUSTER_ROLES = rbac("clusterroles", "ClusterRole", false);
  public static final Resource CLUSTER_ROLE_BINDINGS =
      rbac("clusterrolebindings", "ClusterRoleBinding", false);
  public static final Resource CERTIFICATE_SIGNING_REQUESTS =
      new Resource(
          "certificates.k8s.io",
          "v1",
          "certificatesigningrequests",
          "CertificateSigningRequest",
          false);
  public static final Resource LIMIT_RANGES = core("limitranges", "LimitRange", true);
  public static final Resource RESOURCE_QUOTAS = core("resourcequotas", "ResourceQuota", true);
  public static final Resource PERSISTENT_VOLUMES =
      core("persistentvolumes", "PersistentVolume", false);
  public static final Resource PERSISTENT_VOLUME_CLAIMS =
      core("persistentvolumeclaims", "PersistentVolumeClaim", true);
  public static final Resource CONTROLLER_REVISIONS =
      apps("controllerrevisions", "ControllerRevision");
  public static final Resource DAEMON_SETS = apps("daemonsets", "DaemonSet");
  public static final Resource STATEFUL_SETS = apps("statefulsets", "StatefulSet");
  public static final Resource JOBS = new Resource("batch", "v1", "jobs", "Job", true);
  public static final Resource CRON_JOBS = new Resource("batch", "v1", "cronjobs", "CronJob", true);
  public static final Resource POD_DISRUPTION_BUDGETS =
      new Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
  public static final Resource PRIORITY_CLASSES =
      new Resource("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);
  public static final Resource RUNTIME_CLASSES =
      new Resource("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false);
  public static final Resource SERVICE_CIDRS =
      new Resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
  public static final Resource CLUSTER_IMAGE_POLICIES =
      image("clusterimagepolicies", "ClusterImagePolicy", false);
  public static final Resource IMAGE_POLICIES = image("imagepolicies", "ImagePolicy", true);
  public static final Resource NODE_INVENTORIES = image("nodeinventories", "NodeInventory", false);
  public static final Resource VULNERABILITY_REPORTS =
      image("vulnerabilityreports", "VulnerabilityReport", true);

  private Resources() {}

  private static Resource image(String resource, String kind, boolean namespaced) {
    return new Resource("image.bulwark.io", "v1alpha1", resource, kind, namespaced);
  }

  private static Resource core(String resource, String kind, boolean namespaced) {
    return new Resource("", "v1", resource, kind, namespaced);
  }

  private static Resource apps(String resource, String kind) {
    return new Resource("apps", "v1", resource, kind, true);
  }

  private static Resource rbac(String resource, String kind, boolean namespaced) {
    return new Resource("rbac.authorization.k8s.io", "v1", resource, kind, namespaced);
  }
}
