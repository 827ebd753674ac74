package io.bulwark.cluster.apiserver.decode;

import static io.bulwark.cluster.apiserver.decode.Samples.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
  private static final Defaults DEFAULTS = new Defaults(Samples.SHAPES);

  private static Tree filled(Kind kind, String document) {
    Tree object = yaml(document);
    DEFAULTS.apply(kind, object);
    Tree again = object.copy();
    DEFAULTS.apply(kind, again);
    assertEquals(object, again);
    return object;
  }

  @Test
  void pod() {
    Tree pod =
        filled(
            Samples.POD,
            """
            spec:
              serviceAccount: sa
              containers:
              - name: c
                image: reg:5000/x
                ports: [{containerPort: 80}]
                resources: {limits: {cpu: "1"}}
                livenessProbe: {httpGet: {port: 80}}
                env: [{name: E, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
              volumes:
              - name: e
              - {name: s, secret: {secretName: x}}
              - {name: h, hostPath: {path: /x}}
              - {name: p, projected: {sources: [{serviceAccountToken: {path: t}}]}}
            """);
    assertEquals(
        yaml(
            """
            metadata: {}
            status: {}
            spec:
              serviceAccount: sa
              serviceAccountName: sa
              dnsPolicy: ClusterFirst
              enableServiceLinks: true
              restartPolicy: Always
              schedulerName: default-scheduler
              securityContext: {}
              terminationGracePeriodSeconds: 30
              containers:
              - name: c
                image: reg:5000/x
                imagePullPolicy: Always
                ports: [{containerPort: 80, protocol: TCP}]
                resources: {limits: {cpu: "1"}, requests: {cpu: "1"}}
                livenessProbe:
                  httpGet: {port: 80, path: /, scheme: HTTP}
                  timeoutSeconds: 1
                  periodSeconds: 10
                  successThreshold: 1
                  failureThreshold: 3
                env:
                - {name: E, valueFrom: {fieldRef: {fieldPath: metadata.name, apiVersion: v1}}}
                terminationMessagePath: /dev/termination-log
                terminationMessagePolicy: File
              volumes:
              - {name: e, emptyDir: {}}
              - {name: s, secret: {secretName: x, defaultMode: 420}}
              - {name: h, hostPath: {path: /x, type: ""}}
              - name: p
                projected:
                  defaultMode: 420
                  sources: [{serviceAccountToken: {path: t, expirationSeconds: 3600}}]
            """),
        pod);
  }

  @ParameterizedTest
  @CsvSource({
    "a, true",
    "a:latest, true",
    "r:5000/a, true",
    "a:1, false",
    "r:5000/a:1, false",
    "a@sha256:00, false",
    "a:latest@sha256:00, true",
  })
  void latestImagesAreAlwaysPulled(String image, boolean latest) {
    assertEquals(latest, PodDefaults.latest(image));
  }

  @Test
  void deployment() {
    Tree spec =
        filled(
                Samples.DEPLOYMENT,
                "spec: {template: {spec: {containers: [{name: c, image: 'a:1'}]}}}")
            .treeOrEmpty("spec");
    assertEquals(1L, spec.number(0, "replicas"));
    assertEquals(10L, spec.number(0, "revisionHistoryLimit"));
    assertEquals(600L, spec.number(0, "progressDeadlineSeconds"));
    assertEquals(
        yaml("{type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}"),
        spec.tree("strategy"));
    assertEquals(false, spec.has("template", "spec", "enableServiceLinks"));
  }

  @Test
  void service() {
    Tree spec =
        filled(
                Samples.SERVICE,
                "spec: {type: LoadBalancer, sessionAffinity: ClientIP, ports: [{port: 80}]}")
            .tree("spec");
    assertEquals(
        yaml(
            """
            type: LoadBalancer
            sessionAffinity: ClientIP
            sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}
            ports: [{port: 80, protocol: TCP, targetPort: 80}]
            internalTrafficPolicy: Cluster
            externalTrafficPolicy: Cluster
            allocateLoadBalancerNodePorts: true
            """),
        spec);
  }

  @Test
  void secretTextBecomesData() {
    Tree secret = filled(Samples.SECRET, "{stringData: {a: hello}, data: {a: eA==, b: eA==}}");
    assertEquals(yaml("{metadata: {}, type: Opaque, data: {a: aGVsbG8=, b: eA==}}"), secret);
  }

  @Test
  void fieldsThatAreAlwaysWrittenStandThereAndEmptyOnesThatAreNotGo() {
    assertEquals(
        yaml(
            """
            metadata: {}
            spec: {minAvailable: 0}
            status: {currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0}
            """),
        filled(
            Samples.kind("policy", "poddisruptionbudgets"),
            "{metadata: {finalizers: [], labels: {}}, spec: {minAvailable: 0}}"));
  }

  @Test
  void replicationControllerTakesLabelsOfItsTemplate() {
    Tree object =
        filled(
            Samples.kind("", "replicationcontrollers"),
            "spec: {template: {metadata: {labels: {a: b}}, spec: {containers: []}}}");
    assertEquals(Tree.of("a", "b"), object.tree("spec", "selector"));
    assertEquals(Tree.of("a", "b"), object.tree("metadata", "labels"));
  }

  @Test
  void namespaceCarriesItsName() {
    Tree namespace = filled(Samples.kind("", "namespaces"), "metadata: {name: ns}");
    assertEquals(
        Tree.of("kubernetes.io/metadata.name", "ns"), namespace.tree("metadata", "labels"));
  }
}
