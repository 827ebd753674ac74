package io.bulwark.cluster.apiserver.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest.Operation;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.NodeReferences;
import io.bulwark.cluster.apiserver.authz.StoredRbac;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static final Subject ADMIN = subject("admin", "system:masters");
  private static final Subject ANN = subject("ann");
  private static final Subject NODE = subject("system:node:n1", "system:nodes");

  private final Store store = new InMemory(InstantSource.system());
  private final Kinds kinds = Kinds.builtIn(InstantSource.system());
  private StoredRbac rbac;
  private NodeReferences references;
  private Admission admission;

  @BeforeEach
  void open() {
    put("/namespaces/", "{'metadata':{'name':'shop'}}");
    put("/namespaces/", "{'metadata':{'name':'kube-system'}}");
    put(
        "/namespaces/",
        "{'metadata':{'name':'tight','labels':{'pod-security.kubernetes.io/enforce':'restricted',"
            + "'pod-security.kubernetes.io/enforce-version':'v1.30'}}}");
    put(
        "/namespaces/",
        "{'metadata':{'name':'careful','labels':{'pod-security.kubernetes.io/warn':'baseline',"
            + "'pod-security.kubernetes.io/enforce':'privileged'}}}");
    put(
        "/namespaces/",
        "{'metadata':{'name':'ending','deletionTimestamp':'2026-01-01T00:00:00Z'}}");
    for (String namespace : List.of("shop", "kube-system", "tight", "careful")) {
      put(
          "/serviceaccounts/",
          "{'metadata':{'name':'default','namespace':'"
              + namespace
              + "'},'imagePullSecrets':[{'name':'pull'}]}");
    }
    put(
        "/pods/",
        "{'metadata':{'name':'mine','namespace':'shop','uid':'u1'},'spec':{'nodeName':'n1'}}");
    put(
        "/pods/",
        "{'metadata':{'name':'other','namespace':'shop','uid':'u2'},'spec':{'nodeName':'n2'}}");
    rbac = new StoredRbac(store);
    references = new NodeReferences(store);
    admission =
        Admission.standard(
            new StoredObjects(store),
            new Authorization(rbac, references),
            java.time.InstantSource.system());
  }

  @AfterEach
  void close() {
    rbac.close();
    references.close();
    store.close();
  }

  @Test
  void podGetsAccountTokenTolerationsAndPriority() {
    Tree pod = json("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'}]}}");
    AdmissionRequest request = create("pods", "shop", pod, ANN);
    admission.mutate(request);
    admission.mutate(request);
    admission.validate(request);
    Tree spec = pod.treeOrEmpty("spec");
    assertEquals("default", spec.text("serviceAccountName"));
    assertEquals(1, spec.trees("volumes").size());
    Tree volume = spec.trees("volumes").getFirst();
    assertTrue(volume.textOrEmpty("name").matches("kube-api-access-[a-z0-9]{5}"));
    assertEquals(
        List.of("serviceAccountToken", "configMap", "downwardAPI"),
        volume.trees("projected", "sources").stream().map(source -> source.keyAt(0)).toList());
    Tree mount = spec.trees("containers").getFirst().trees("volumeMounts").getFirst();
    assertEquals("/var/run/secrets/kubernetes.io/serviceaccount", mount.text("mountPath"));
    assertEquals(volume.text("name"), mount.text("name"));
    assertEquals("pull", spec.trees("imagePullSecrets").getFirst().text("name"));
    assertEquals(2, spec.trees("tolerations").size());
    assertEquals(0, spec.number(-1, "priority"));
    assertEquals("PreemptLowerPriority", spec.text("preemptionPolicy"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          shop | 'containers':[],'serviceAccountName':'x' | pods "p" is forbidden: error looking up service account shop/x: serviceaccount "x" not found
          missing | 'containers':[] | namespaces "missing" not found
          ending | 'containers':[] | pods "p" is forbidden: unable to create new content in namespace ending because it is being terminated
          shop | 'containers':[],'priorityClassName':'fast' | pods "p" is forbidden: no PriorityClass with name fast was found
          shop | 'containers':[],'priority':7 | pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name
          shop | 'containers':[],'hostNetwork':true | pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)
          tight | 'containers':[],'hostPID':true | pods "p" is forbidden: violates PodSecurity "restricted:v1.30": host namespaces (hostPID=true)
          kube-system | 'containers':[],'hostNetwork':true | ``
          """)
  void podsAreRefused(String namespace, String spec, String message) {
    Tree pod = json("{'metadata':{'name':'p'},'spec':{" + spec + "}}");
    assertEquals(message, refusal(create("pods", namespace, pod, ANN)));
  }

  @Test
  void terminatingNamespaceSaysItsCause() {
    AdmissionRequest request =
        create("configmaps", "ending", json("{'metadata':{'name':'c'}}"), ADMIN);
    Tree status =
        Statuses.of(assertThrows(Rejected.class, () -> admission.mutate(request)).failure());
    Tree cause = status.trees("details", "causes").getFirst();
    assertEquals("NamespaceTerminating", cause.text("reason"));
    assertEquals(403, status.number(0, "code"));
  }

  @Test
  void warnModeOnlyWarns() {
    AdmissionRequest request =
        create(
            "deployments",
            "careful",
            json(
                "{'metadata':{'name':'d'},'spec':{'template':{'spec':{'hostIPC':true,"
                    + "'containers':[]}}}}"),
            ANN);
    assertEquals("", refusal(request));
    assertEquals(
        Set.of("would violate PodSecurity \"baseline:latest\": host namespaces (hostIPC=true)"),
        request.notes().warnings());
  }

  @Test
  void onlyAnAdministratorOpensANamespace() {
    String labelled =
        "{'metadata':{'name':'n','labels':{'pod-security.kubernetes.io/enforce':'LEVEL'}}}";
    Tree open = json(labelled.replace("LEVEL", "privileged"));
    assertEquals(
        "namespaces \"n\" is forbidden: only a cluster administrator may set the label"
            + " pod-security.kubernetes.io/enforce=privileged",
        refusal(create("namespaces", "", open, ANN)));
    assertEquals("", refusal(create("namespaces", "", open, ADMIN)));
    assertEquals(
        "", refusal(create("namespaces", "", json(labelled.replace("LEVEL", "baseline")), ANN)));
    assertTrue(
        refusal(create("namespaces", "", json(labelled.replace("LEVEL", "loose")), ADMIN))
            .endsWith("must be one of privileged, baseline, restricted"));
  }

  @Test
  void stricterNamespaceWarnsAboutItsPods() {
    put(
        "/pods/",
        "{'metadata':{'name':'bad','namespace':'careful'},'spec':{'hostPID':true,"
            + "'containers':[]}}");
    Tree before =
        json(
            "{'metadata':{'name':'careful','labels':{'pod-security.kubernetes.io/enforce':'privileged'}}}");
    Tree after =
        json(
            "{'metadata':{'name':'careful','labels':{'pod-security.kubernetes.io/enforce':'baseline'}}}");
    AdmissionRequest request =
        request(Operation.UPDATE, "", "namespaces", "", "", "careful", after, before, ADMIN);
    admission.validate(request);
    assertEquals(
        List.of(
            "existing pods in namespace \"careful\" violate the new PodSecurity enforce level"
                + " \"baseline:latest\"",
            "bad: host namespaces"),
        List.copyOf(request.notes().warnings()));
  }

  @Test
  void someNamespacesNeverEnd() {
    Tree live = json("{'metadata':{'name':'kube-system'}}");
    assertEquals(
        "namespaces \"kube-system\" is forbidden: this namespace may not be deleted",
        refusal(
            request(Operation.DELETE, "", "namespaces", "", "", "kube-system", null, live, ADMIN)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          UPDATE | nodes | status | n2 | {'metadata':{'name':'n2'}} | {'metadata':{'name':'n2'}} | nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"
          UPDATE | nodes | `` | n1 | {'metadata':{'name':'n1','labels':{'a':'b'}}} | {'metadata':{'name':'n1'}} | ``
          UPDATE | nodes | `` | n1 | {'metadata':{'name':'n1','labels':{'x.kubernetes.io/a':'b'}}} | {'metadata':{'name':'n1'}} | nodes "n1" is forbidden: node "n1" is not allowed to modify labels: x.kubernetes.io/a
          UPDATE | nodes | `` | n1 | {'metadata':{'name':'n1'},'spec':{'taints':[]}} | {'metadata':{'name':'n1'},'spec':{'taints':[{'key':'k'}]}} | nodes "n1" is forbidden: node "n1" is not allowed to modify taints
          CREATE | nodes | `` | n1 | {'metadata':{'name':'n1','labels':{'kubernetes.io/hostname':'n1'}}} | `` | ``
          UPDATE | pods | status | mine | {'metadata':{'name':'mine'},'spec':{'nodeName':'n1'}} | {'metadata':{'name':'mine'},'spec':{'nodeName':'n1'}} | ``
          UPDATE | pods | status | other | {'metadata':{'name':'other'},'spec':{'nodeName':'n2'}} | {'metadata':{'name':'other'},'spec':{'nodeName':'n2'}} | pods "other" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself
          DELETE | pods | `` | other | `` | {'metadata':{'name':'other'},'spec':{'nodeName':'n2'}} | pods "other" is forbidden: node "n1" can only delete pods with spec.nodeName set to itself
          CREATE | serviceaccounts | token | default | {'spec':{'boundObjectRef':{'kind':'Pod','name':'mine','uid':'u1'}}} | `` | ``
          CREATE | serviceaccounts | token | default | {'spec':{'boundObjectRef':{'kind':'Pod','name':'other','uid':'u2'}}} | `` | serviceaccounts "default" is forbidden: node requested token bound to a pod scheduled on a different node
          CREATE | serviceaccounts | token | default | {'spec':{}} | `` | serviceaccounts "default" is forbidden: node requested token not bound to a pod
          """)
  void nodesWriteOnlyWhatIsTheirs(
      Operation operation,
      String resource,
      String subresource,
      String name,
      String object,
      String old,
      String message) {
    String namespace = resource.equals("nodes") ? "" : "shop";
    assertEquals(
        message,
        refusal(
            request(
                operation,
                "",
                resource,
                subresource,
                namespace,
                name,
                object.isEmpty() ? null : json(object),
                old.isEmpty() ? null : json(old),
                NODE)));
  }

  @Test
  void newNodeIsTaintedUntilReady() {
    Tree node = json("{'metadata':{'name':'n1'}}");
    admission.mutate(create("nodes", "", node, NODE));
    assertEquals(
        "node.kubernetes.io/not-ready", node.trees("spec", "taints").getFirst().text("key"));
  }

  @Test
  void rolesAreNotEscalated() {
    Tree role =
        json(
            "{'metadata':{'name':'r'},'rules':[{'apiGroups':[''],'resources':['secrets'],"
                + "'verbs':['get']}]}");
    AdmissionRequest request =
        request(
            Operation.CREATE,
            "rbac.authorization.k8s.io",
            "roles",
            "",
            "shop",
            "r",
            role,
            null,
            ANN);
    assertEquals(
        "roles.rbac.authorization.k8s.io \"r\" is forbidden: user \"ann\""
            + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not"
            + " currently held:\n{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}",
        refusal(request));
  }

  private String refusal(AdmissionRequest request) {
    try {
      if (request.object() != null) {
        admission.mutate(request);
      }
      admission.validate(request);
      return "";
    } catch (Rejected rejected) {
      return String.valueOf(rejected.getMessage());
    }
  }

  private AdmissionRequest create(String resource, String namespace, Tree object, Subject subject) {
    return request(
        Operation.CREATE,
        resource.equals("deployments") ? "apps" : "",
        resource,
        "",
        namespace,
        Meta.name(object),
        object,
        null,
        subject);
  }

  private AdmissionRequest request(
      Operation operation,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      @Nullable Tree object,
      @Nullable Tree old,
      Subject subject) {
    Kind kind = kinds.find(group, "v1", resource);
    assertNotNull(kind);
    return new AdmissionRequest(
        operation,
        kind,
        subresource,
        namespace,
        name,
        object,
        old,
        subject,
        false,
        new Tree(),
        new Notes());
  }

  private void put(String prefix, String text) {
    Tree object = json(text);
    store.create(prefix + Meta.key(object), Json.write(object), null);
  }

  private static Tree json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static Subject subject(String name, String... groups) {
    List<String> all = new java.util.ArrayList<>(List.of(groups));
    all.add("system:authenticated");
    return new Subject(name, "", all, Map.of());
  }
}
