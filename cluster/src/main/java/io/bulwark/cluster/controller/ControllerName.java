package io.bulwark.cluster.controller;

/**
 * Every controller, in the order in which they start. Written as upstream names them, for example
 * {@code deployment-controller}.
 */
public enum ControllerName {
  NODE_IPAM("node-ipam-controller"),
  SERVICE_ACCOUNT_TOKEN("serviceaccount-token-controller"),
  SERVICE_ACCOUNT("serviceaccount-controller"),
  ROOT_CA("root-ca-certificate-publisher-controller"),
  CLUSTER_ROLE_AGGREGATION("clusterrole-aggregation-controller"),
  REPLICA_SET("replicaset-controller"),
  REPLICATION_CONTROLLER("replicationcontroller-controller"),
  DEPLOYMENT("deployment-controller"),
  DAEMON_SET("daemonset-controller"),
  STATEFUL_SET("statefulset-controller"),
  DISRUPTION("disruption-controller"),
  JOB("job-controller"),
  CRON_JOB("cronjob-controller"),
  TTL_AFTER_FINISHED("ttl-after-finished-controller"),
  NAMESPACE("namespace-controller"),
  ENDPOINTS("endpoints-controller"),
  ENDPOINT_SLICE("endpointslice-controller"),
  ENDPOINT_SLICE_MIRRORING("endpointslice-mirroring-controller"),
  RESOURCE_QUOTA("resourcequota-controller"),
  NODE_LIFECYCLE("node-lifecycle-controller"),
  TAINT_EVICTION("taint-eviction-controller"),
  POD_GARBAGE("pod-garbage-collector-controller"),
  GARBAGE_COLLECTOR("garbage-collector-controller"),
  IMAGE("image-controller"),
  CERTIFICATE_SIGNING("certificatesigningrequest-signing-controller");

  private final String text;

  ControllerName(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
