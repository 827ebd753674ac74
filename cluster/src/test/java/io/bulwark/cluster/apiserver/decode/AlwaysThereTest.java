package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlwaysThereTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "|Service|{spec: {}}|{\"spec\":{},\"status\":{\"loadBalancer\":{}}}",
        "batch|CronJob|{spec: {jobTemplate: {spec: {suspend: true}}}, status: {active: []}}"
            + "|{\"spec\":{\"jobTemplate\":{\"metadata\":{},\"spec\":{\"suspend\":true,\"template\":"
            + "{\"metadata\":{}}}}},\"status\":{\"active\":[]}}",
        "|Pod|{status: {conditions: [{type: Ready}]}}"
            + "|{\"status\":{\"conditions\":[{\"lastProbeTime\":null,\"type\":\"Ready\"}]}}",
        "rbac.authorization.k8s.io|ClusterRole|{metadata: {labels: {}, finalizers: []}}"
            + "|{\"metadata\":{},\"rules\":null}",
        "discovery.k8s.io|EndpointSlice|{endpoints: [{addresses: [a]}]}"
            + "|{\"endpoints\":[{\"addresses\":[\"a\"],\"conditions\":{}}],\"ports\":null}",
        "|ConfigMap|{data: {}}|{\"data\":{}}",
      })
  void completesObjects(String group, String kind, String document, String complete) {
    GroupKind type = new GroupKind(group == null ? "" : group, kind);
    Tree object = yaml(document);
    AlwaysThere.fill(type, object);
    assertEquals(complete, Json.text(object));
    AlwaysThere.fill(type, object);
    assertEquals(complete, Json.text(object), "again");
  }
}
