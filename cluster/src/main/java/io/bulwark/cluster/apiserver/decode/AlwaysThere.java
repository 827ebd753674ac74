package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The members that an object shows whether they are set or not, and those that it never shows
 * empty.
 *
 * <p>Source: upstream's types, whose fields without {@code omitempty} are always written.
 */
final class AlwaysThere {
  private static final String EMPTY_STATUS = "{\"status\":{}}";
  private static final String BALANCED = "{\"status\":{\"loadBalancer\":{}}}";
  private static final String TEMPLATE = "\"spec\":{\"template\":{\"metadata\":{}}}";
  private static final String COUNTED = "{" + TEMPLATE + ",\"status\":{\"replicas\":0}}";

  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("Service", BALANCED),
          Map.entry("Ingress.networking.k8s.io", BALANCED),
          Map.entry("ReplicationController", COUNTED),
          Map.entry("ReplicaSet.apps", COUNTED),
          Map.entry(
              "StatefulSet.apps",
              "{" + TEMPLATE + ",\"status\":{\"availableReplicas\":0,\"replicas\":0}}"),
          Map.entry(
              "DaemonSet.apps",
              "{"
                  + TEMPLATE
                  + ",\"status\":{\"currentNumberScheduled\":0,\"desiredNumberScheduled\":0,"
                  + "\"numberMisscheduled\":0,\"numberReady\":0}}"),
          Map.entry("Deployment.apps", "{" + TEMPLATE + ",\"status\":{}}"),
          Map.entry("Job.batch", "{" + TEMPLATE + ",\"status\":{}}"),
          Map.entry(
              "CronJob.batch",
              "{\"spec\":{\"jobTemplate\":{\"metadata\":{}," + TEMPLATE + "}},\"status\":{}}"),
          Map.entry("PodTemplate", "{\"template\":{\"metadata\":{}}}"),
          Map.entry("ResourceClaimTemplate.resource.k8s.io", "{\"spec\":{\"metadata\":{}}}"),
          Map.entry("EndpointSlice.discovery.k8s.io", "{\"endpoints\":null,\"ports\":null}"),
          Map.entry(
              "Event.events.k8s.io",
              "{\"deprecatedFirstTimestamp\":null,\"deprecatedLastTimestamp\":null,"
                  + "\"deprecatedSource\":{},\"eventTime\":null,\"regarding\":{}}"),
          Map.entry(
              "Event",
              "{\"eventTime\":null,\"firstTimestamp\":null,\"lastTimestamp\":null,"
                  + "\"reportingComponent\":\"\",\"reportingInstance\":\"\",\"source\":{}}"),
          Map.entry("ResourceQuota", EMPTY_STATUS),
          Map.entry("CertificateSigningRequest.certificates.k8s.io", EMPTY_STATUS),
          Map.entry("FlowSchema.flowcontrol.apiserver.k8s.io", EMPTY_STATUS),
          Map.entry("PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io", EMPTY_STATUS),
          Map.entry("ResourceClaim.resource.k8s.io", EMPTY_STATUS),
          Map.entry("ServiceCIDR.networking.k8s.io", EMPTY_STATUS),
          Map.entry("VolumeAttachment.storage.k8s.io", "{\"status\":{\"attached\":false}}"),
          Map.entry(
              "PodDisruptionBudget.policy",
              "{\"status\":{\"currentHealthy\":0,\"desiredHealthy\":0,"
                  + "\"disruptionsAllowed\":0,\"expectedPods\":0}}"),
          Map.entry("ClusterRole.rbac.authorization.k8s.io", "{\"rules\":null}"),
          Map.entry("Role.rbac.authorization.k8s.io", "{\"rules\":null}"));

  private static final List<String> NEVER_EMPTY =
      List.of("labels", "annotations", "finalizers", "ownerReferences");

  private AlwaysThere() {}

  /** Changes the object. */
  static void fill(GroupKind kind, Tree object) {
    String parts = PARTS.get(kind.toString());
    if (parts != null) {
      fill(object, Json.read(parts.getBytes(StandardCharsets.UTF_8)));
    }
    if (kind.toString().equals("Pod")) {
      for (Tree condition : object.trees("status", "conditions")) {
        if (!condition.containsKey("lastProbeTime")) {
          condition.put("lastProbeTime", null);
        }
      }
    }
    if (kind.toString().equals("EndpointSlice.discovery.k8s.io")) {
      object.trees("endpoints").forEach(endpoint -> endpoint.child("conditions"));
    }
    Tree metadata = object.treeOrEmpty("metadata");
    for (String name : NEVER_EMPTY) {
      Object value = metadata.get(name);
      if ((value instanceof Tree tree && tree.isEmpty())
          || (value instanceof TreeList list && list.isEmpty())) {
        metadata.remove(name);
      }
    }
  }

  /** Puts the parts where they are missing, or where nothing stands in place of an object. */
  static void fill(Tree object, Tree parts) {
    parts.forEach(
        (key, value) -> {
          if (!object.containsKey(key) || (value != null && object.get(key) == null)) {
            object.put(key, value);
          } else if (value instanceof Tree inner && object.get(key) instanceof Tree own) {
            fill(own, inner);
          }
        });
  }
}
