package io.bulwark.cluster.apiserver.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.codec.Yaml;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.decode.Defaults;
import io.bulwark.cluster.apiserver.decode.SchemaShapes;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValidatorTest {
  private static final SchemaShapes SHAPES = new SchemaShapes();
  private static final Validator VALIDATOR = new Validator(SHAPES);
  private static final Defaults DEFAULTS = new Defaults(SHAPES);
  private static final Kinds KINDS = Kinds.builtIn(InstantSource.system());

  private static final Map<String, String> SOUND =
      Map.ofEntries(
          Map.entry("/pods", "spec: {containers: [{name: c, image: i}]}"),
          Map.entry(
              "apps/deployments",
              "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec:"
                  + " {containers: [{name: c, image: i}]}}}"),
          Map.entry(
              "/replicationcontrollers",
              "spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image:"
                  + " i}]}}}"),
          Map.entry("/services", "spec: {ports: [{port: 80}]}"),
          Map.entry("/configmaps", "data: {k: v}"),
          Map.entry("/secrets", "stringData: {k: v}"),
          Map.entry("/endpoints", "subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]"),
          Map.entry(
              "discovery.k8s.io/endpointslices",
              "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}]\nports: [{port: 80}]"),
          Map.entry("coordination.k8s.io/leases", "spec: {leaseDurationSeconds: 40}"),
          Map.entry(
              "rbac.authorization.k8s.io/roles",
              "rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]"),
          Map.entry(
              "rbac.authorization.k8s.io/rolebindings",
              "roleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: u}]"));

  private static Kind kind(String resource) {
    int slash = resource.indexOf('/');
    return Objects.requireNonNull(
        KINDS.find(resource.substring(0, slash), "v1", resource.substring(slash + 1)), resource);
  }

  private static Tree object(String resource, String document) {
    Tree object = Yaml.read(document.getBytes(StandardCharsets.UTF_8));
    Tree metadata = object.child("metadata");
    metadata.putIfAbsent("name", "some-name");
    if (kind(resource).resource().namespaced()) {
      metadata.putIfAbsent("namespace", "default");
    }
    DEFAULTS.apply(kind(resource), object);
    return object;
  }

  private static String errors(List<FieldError> errors) {
    TreeSet<String> lines = new TreeSet<>();
    errors.forEach(error -> lines.add(error.toString()));
    return String.join("\n", lines);
  }

  @Test
  void soundObjectsPassAndMayStayAsTheyAre() {
    SOUND.forEach(
        (resource, document) -> {
          Tree object = object(resource, document);
          assertEquals("", errors(VALIDATOR.validate(kind(resource), object)), resource);
          assertEquals(
              "", errors(VALIDATOR.validateUpdate(kind(resource), object, object)), resource);
        });
  }

  /** Resource, document, and the errors that upstream has for it. */
  static List<List<String>> broken() {
    return List.of(
        List.of(
            "/configmaps",
            "metadata: {name: ''}",
            "metadata.name: Required value: name or generateName is required"),
        List.of(
            "/configmaps",
            "metadata: {name: A_b}",
            "metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain must consist of"
                + " lower case alphanumeric characters, '-' or '.', and must start and end with an"
                + " alphanumeric character (e.g. 'example.com', regex used for validation is"
                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
        List.of(
            "/services",
            "metadata: {name: 1st}\nspec: {ports: [{port: 80}]}",
            "metadata.name: Invalid value: \"1st\": a DNS-1035 label must consist of lower case"
                + " alphanumeric characters or '-', start with an alphabetic character, and end"
                + " with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
                + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"),
        List.of(
            "/configmaps",
            "metadata: {labels: {a: 'b c'}, finalizers: [mine]}",
            "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer"
                + " name nor is it fully qualified\n"
                + "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string"
                + " or consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                + " with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
        List.of(
            "/configmaps",
            "metadata: {annotations: {a: " + "x".repeat(262_144) + "}}",
            "metadata.annotations: Too long: may not be more than 262144 bytes"),
        List.of(
            "/namespaces",
            "metadata: {name: ns1, namespace: x}",
            "metadata.namespace: Forbidden: not allowed on this type"),
        List.of("/pods", "spec: {}", "spec.containers: Required value"),
        List.of(
            "/pods",
            "spec: {securityContext: {sysctls: [{name: kernel.shm_rmid, value: '1'}, {name: foo-,"
                + " value: '1'}, {name: kernel.shm_rmid, value: '2'}]}, containers: [{name: a,"
                + " image: x}]}",
            "spec.securityContext.sysctls[1].name: Invalid value: \"foo-\": must have at most 253"
                + " characters and match regex"
                + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$\n"
                + "spec.securityContext.sysctls[2].name: Duplicate value: \"kernel.shm_rmid\""),
        List.of(
            "/pods",
            "spec: {containers: [{name: a}, {name: a, image: x}]}",
            "spec.containers[0].image: Required value\n"
                + "spec.containers[1].name: Duplicate value: \"a\""),
        List.of(
            "/pods",
            "spec: {restartPolicy: Sometimes, containers: [{name: a, image: x}]}",
            "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                + " \"Never\", \"OnFailure\""),
        List.of(
            "/pods",
            "spec: {containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /v}]}]}",
            "spec.containers[0].volumeMounts[0].name: Not found: \"v\""),
        List.of(
            "/pods",
            "spec: {containers: [{name: a, image: x, resources: {requests: {cpu: '2'}, limits:"
                + " {cpu: '1'}}}]}",
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or"
                + " equal to cpu limit of 1"),
        List.of(
            "/pods",
            "spec: {containers: [{name: a, image: x, livenessProbe: {}, ports: [{containerPort:"
                + " 99999}], env: [{value: v}]}]}",
            "spec.containers[0].env[0].name: Required value\n"
                + "spec.containers[0].livenessProbe: Required value: must specify a handler type\n"
                + "spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between"
                + " 1 and 65535, inclusive"),
        List.of(
            "/pods",
            "spec: {containers: [{name: a, image: x, securityContext: {privileged: true,"
                + " allowPrivilegeEscalation: false}}], volumes: [{name: v, emptyDir: {}, hostPath:"
                + " {path: /}}]}",
            "spec.containers[0].securityContext: Invalid value:"
                + " {\"allowPrivilegeEscalation\":false,\"privileged\":true}: cannot set"
                + " `allowPrivilegeEscalation` to false and `privileged` to true\n"
                + "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"),
        List.of(
            "apps/deployments",
            "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec:"
                + " {restartPolicy: Never, containers: [{name: c, image: i}]}}}",
            "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match"
                + " template `labels`\n"
                + "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported"
                + " values: \"Always\""),
        List.of(
            "apps/deployments",
            "spec: {replicas: -1, template: {spec: {containers: [{name: c, image: i}]}}}",
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"
                + "spec.selector: Required value"),
        List.of("/services", "spec: {}", "spec.ports: Required value"),
        List.of(
            "/services",
            "spec: {ports: [{port: 80}, {port: 80, name: x}]}",
            "spec.ports[0].name: Required value\n"
                + "spec.ports[1]: Duplicate value: {\"port\":80,\"protocol\":\"TCP\"}"),
        List.of(
            "/services",
            "spec: {type: Sideways, ports: [{port: 0}]}",
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"
                + "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535,"
                + " inclusive\n"
                + "spec.type: Unsupported value: \"Sideways\": supported values: \"ClusterIP\","
                + " \"ExternalName\", \"LoadBalancer\", \"NodePort\""),
        List.of(
            "/configmaps",
            "data: {'a b': x}",
            "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric"
                + " characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name',"
                + " regex used for validation is '[-._a-zA-Z0-9]+')"),
        List.of(
            "/configmaps",
            "data: {a: " + "x".repeat(1_048_577) + "}",
            "[]: Too long: may not be more than 1048576 bytes"),
        List.of(
            "/secrets",
            "type: kubernetes.io/tls",
            "data[tls.crt]: Required value\ndata[tls.key]: Required value"),
        List.of(
            "/endpoints",
            "subsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: 0}]}]",
            "subsets[0].addresses[0].ip: Invalid value: \"127.0.0.1\": may not be in the loopback"
                + " range (127.0.0.0/8, ::1/128)\n"
                + "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535,"
                + " inclusive"),
        List.of(
            "discovery.k8s.io/endpointslices",
            "endpoints: [{addresses: []}]",
            "addressType: Required value\n"
                + "endpoints[0].addresses: Required value: must contain at least 1 address"),
        List.of(
            "rbac.authorization.k8s.io/roles",
            "rules: [{}]",
            "rules[0].apiGroups: Required value: resource rules must supply at least one api group\n"
                + "rules[0].resources: Required value: resource rules must supply at least one"
                + " resource\n"
                + "rules[0].verbs: Required value: verbs must contain at least one value"),
        List.of(
            "rbac.authorization.k8s.io/clusterrolebindings",
            "roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: s}]",
            "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"\n"
                + "subjects[0].namespace: Required value"),
        List.of(
            "coordination.k8s.io/leases",
            "spec: {leaseDurationSeconds: 0}",
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void brokenObjectsAreRefused(List<String> row) {
    Kind kind = kind(row.get(0));
    assertEquals(row.get(2), errors(VALIDATOR.validate(kind, object(row.get(0), row.get(1)))));
  }

  /** Resource, document, path, new value in YAML, and the errors of the change. */
  static List<List<String>> changes() {
    String pods = "/pods";
    String pod =
        "spec: {activeDeadlineSeconds: 10, tolerations: [{key: a, operator: Exists}], containers:"
            + " [{name: c, image: i}]}";
    String limits =
        "spec: Forbidden: pod updates may not change fields other than"
            + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
            + "`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
            + " previously negative)";
    return List.of(
        List.of(pods, pod, "spec.containers", "[{name: c, image: j}]", ""),
        List.of(pods, pod, "spec.nodeName", "other", limits),
        List.of(pods, pod, "spec.activeDeadlineSeconds", "5", ""),
        List.of(
            pods,
            pod,
            "spec.activeDeadlineSeconds",
            "50",
            "spec.activeDeadlineSeconds: Invalid value: 50: must be less than or equal to previous"
                + " value"),
        List.of(
            pods, pod, "spec.tolerations", "[{key: a, operator: Exists}, {operator: Exists}]", ""),
        List.of(
            pods,
            pod,
            "spec.tolerations",
            "[]",
            "spec.tolerations: Forbidden: existing toleration can not be modified except its"
                + " tolerationSeconds"),
        List.of(
            pods,
            pod,
            "spec.containers",
            "[{name: c, image: i}, {name: d, image: i}]",
            "spec.containers: Forbidden: pod updates may not add or remove containers"),
        List.of(
            "/configmaps",
            "{immutable: true, data: {a: b}}",
            "data.a",
            "c",
            "data: Forbidden: field is immutable when `immutable` is set"),
        List.of(
            "/secrets",
            "{type: Opaque}",
            "type",
            "other/type",
            "type: Invalid value: \"other/type\": field is immutable"),
        List.of(
            "/services",
            "spec: {clusterIP: 10.0.0.1, ports: [{port: 1}]}",
            "spec.clusterIP",
            "10.0.0.2",
            "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"),
        List.of(
            "rbac.authorization.k8s.io/roles",
            "metadata: {uid: u, deletionTimestamp: '2026-01-01T00:00:00Z'}",
            "metadata.finalizers",
            "[a.b/c]",
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
                + " deleted, found new finalizers []string{\"a.b/c\"}"),
        List.of(
            "rbac.authorization.k8s.io/roles",
            "metadata: {uid: u}",
            "metadata.uid",
            "v",
            "metadata.uid: Invalid value: \"v\": field is immutable"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesAreChecked(List<String> row) {
    Kind kind = kind(row.get(0));
    Tree live = object(row.get(0), row.get(1));
    Tree value = Yaml.read(("v: " + row.get(3)).getBytes(StandardCharsets.UTF_8));
    Tree next = live.copy().set(value.get("v"), row.get(2).split("\\."));
    DEFAULTS.apply(kind, next);
    assertEquals(row.get(4), errors(VALIDATOR.validateUpdate(kind, next, live)));
  }

  @Test
  void theSelectorOfADeploymentStays() {
    String deployment = Objects.requireNonNull(SOUND.get("apps/deployments"));
    Tree live = object("apps/deployments", deployment);
    Tree next = object("apps/deployments", deployment.replace("{a: b}", "{a: c}"));
    assertEquals(
        "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"c\"}}: field is immutable",
        errors(VALIDATOR.validateUpdate(kind("apps/deployments"), next, live)));
  }
}
