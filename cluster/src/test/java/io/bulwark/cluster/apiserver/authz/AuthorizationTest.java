package io.bulwark.cluster.apiserver.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationTest {
  private final Store store = new InMemory(InstantSource.system());
  private StoredRbac rbac;
  private NodeReferences references;
  private Authorization authorization;

  @BeforeEach
  void bootstrap() {
    BootstrapPolicy policy = BootstrapPolicy.standard();
    put("/clusterroles.rbac.authorization.k8s.io/", policy.clusterRoles());
    put("/clusterrolebindings.rbac.authorization.k8s.io/", policy.clusterRoleBindings());
    put("/roles.rbac.authorization.k8s.io/", policy.roles());
    put("/rolebindings.rbac.authorization.k8s.io/", policy.roleBindings());
    put(
        "/rolebindings.rbac.authorization.k8s.io/",
        List.of(
            json(
                "{'metadata':{'name':'edit','namespace':'shop'},"
                    + "'roleRef':{'kind':'ClusterRole','name':'edit'},"
                    + "'subjects':[{'kind':'User','name':'ann'},"
                    + "{'kind':'ServiceAccount','name':'robot'}]}"),
            json(
                "{'metadata':{'name':'admin','namespace':'shop'},"
                    + "'roleRef':{'kind':'ClusterRole','name':'admin'},"
                    + "'subjects':[{'kind':'User','name':'bob'}]}")));
    put(
        "/pods/",
        List.of(
            json(
                "{'metadata':{'name':'p','namespace':'shop'},'spec':{'nodeName':'n1',"
                    + "'serviceAccountName':'robot','volumes':[{'secret':{'secretName':'s'}},"
                    + "{'projected':{'sources':[{'configMap':{'name':'root'}}]}}],"
                    + "'containers':[{'env':[{'valueFrom':{'secretKeyRef':{'name':'e'}}}]}]}}")));
    rbac = new StoredRbac(store);
    references = new NodeReferences(store);
    authorization = new Authorization(rbac, references);
  }

  @AfterEach
  void close() {
    rbac.close();
    references.close();
    store.close();
  }

  @ParameterizedTest
  @CsvSource({
    "root,            delete, '', nodes,        '', '',   n1, true",
    "ann,             create, '', pods,         '', shop, '', true",
    "ann,             get,    '', pods/log,     '', shop, p,  true",
    "ann,             get,    '', secrets,      '', shop, s,  true",
    "ann,             get,    '', pods,         '', else, p,  false",
    "ann,             get,    '', pods,         '', '',   '', false",
    "ann,             create, apps, deployments/scale, '', shop, d, true",
    "ann,             create, rbac.authorization.k8s.io, roles, '', shop, r, false",
    "bob,             create, rbac.authorization.k8s.io, roles, '', shop, r, true",
    "bob,             create, '', serviceaccounts/token, '', shop, robot, true",
    "system:serviceaccount:shop:robot, list, '', configmaps, '', shop, '', true",
    "system:kube-scheduler, create, '', pods/binding, '', shop, p, true",
    "system:kube-scheduler, create, '', pods, '', shop, p, false",
    "system:serviceaccount:kube-system:deployment-controller, update, apps, deployments/status,"
        + " '', shop, d, true",
    "system:serviceaccount:kube-system:deployment-controller, delete, '', secrets, '', shop, s,"
        + " false",
    "system:serviceaccount:kube-system:generic-garbage-collector, delete, any.io, things, '', x,"
        + " t, true",
    "somebody, create, authorization.k8s.io, selfsubjectaccessreviews, '', '', '', true",
    "somebody, create, authorization.k8s.io, subjectaccessreviews, '', '', '', false",
  })
  void rolesDecide(
      String user,
      String verb,
      String group,
      String resource,
      String fields,
      String namespace,
      String name,
      boolean allowed) {
    assertEquals(
        allowed,
        authorization
            .decide(wanted(user, verb, group, resource, namespace, name), fields)
            .allowed());
  }

  @ParameterizedTest
  @CsvSource({
    "get,    '', secrets,    '', shop, s, true",
    "get,    '', secrets,    '', shop, e, true",
    "get,    '', secrets,    '', shop, other, false",
    "get,    '', secrets,    '', else, s, false",
    "list,   '', secrets,    '', shop, '', false",
    "watch,  '', secrets,    metadata.name=s, shop, '', true",
    "get,    '', configmaps, '', shop, root, true",
    "create, '', secrets,    '', shop, s, false",
    "create, '', serviceaccounts/token, '', shop, robot, true",
    "create, '', serviceaccounts/token, '', shop, default, false",
    "get,    '', nodes,      '', '', n1, true",
    "get,    '', nodes,      '', '', n2, false",
    "list,   '', nodes,      '', '', '', false",
    "list,   '', nodes,      metadata.name=n1, '', '', true",
    "create, '', nodes,      '', '', '', true",
    "patch,  '', nodes/status, '', '', n1, true",
    "list,   '', pods,       spec.nodeName=n1, '', '', true",
    "list,   '', pods,       spec.nodeName=n2, '', '', false",
    "list,   '', pods,       '', '', '', false",
    "get,    '', pods,       '', shop, p, true",
    "update, coordination.k8s.io, leases, '', kube-node-lease, n1, true",
    "update, coordination.k8s.io, leases, '', kube-node-lease, n2, false",
    "get,    coordination.k8s.io, leases, '', kube-system, n1, false",
    "list,   '', services,   '', '', '', true",
  })
  void nodesReadWhatTheirPodsNeed(
      String verb,
      String group,
      String resource,
      String fields,
      String namespace,
      String name,
      boolean allowed) {
    assertEquals(
        allowed,
        authorization
            .decide(wanted("system:node:n1", verb, group, resource, namespace, name), fields)
            .allowed());
  }

  @Test
  void nodeLosesWhatADeletedPodNeeded() {
    Attributes secret = wanted("system:node:n1", "get", "", "secrets", "shop", "s");
    assertTrue(authorization.decide(secret).allowed());
    store.delete("/pods/shop/p", assertNotNullEntry("/pods/shop/p"));
    Decision after = authorization.decide(secret);
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (after.allowed() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      after = authorization.decide(secret);
    }
    assertEquals("no relationship found between node 'n1' and this object", after.reason());
  }

  @Test
  void refusalsAreInUpstreamsWords() {
    assertEquals(
        "pods \"x\" is forbidden: User \"ann\" cannot get resource \"pods\" in API group \"\" in"
            + " the namespace \"ns\"",
        message(wanted("ann", "get", "", "pods", "ns", "x")));
    assertEquals(
        "deployments.apps is forbidden: User \"ann\" cannot list resource \"deployments/scale\" in"
            + " API group \"apps\" at the cluster scope",
        message(wanted("ann", "list", "apps", "deployments/scale", "", "")));
    assertEquals(
        "forbidden: User \"ann\" cannot get path \"/x\"",
        message(new Attributes(subject("ann"), "get", "", "", "", "", "", "", "/x", false)));
  }

  @Test
  void publicFactsAreForEverybodyAndMetricsAreNot() {
    Subject anonymous =
        new Subject("system:anonymous", "", List.of("system:unauthenticated"), Map.of());
    assertTrue(path(anonymous, "/healthz"));
    assertEquals(false, path(anonymous, "/api"));
    assertTrue(path(subject("ann"), "/apis/apps/v1"));
    assertEquals(false, path(subject("ann"), "/metrics"));
  }

  @Test
  void nobodyGrantsWhatHeLacks() {
    Escalation escalation = new Escalation(authorization);
    List<Rule> pods =
        List.of(
            new Rule(List.of("get", "list"), List.of(""), List.of("pods"), List.of(), List.of()));
    assertNull(escalation.refuseRules(subject("bob"), "roles", "shop", "r", pods));
    List<Rule> nodes =
        List.of(
            new Rule(
                List.of("get", "list"), List.of(""), List.of("nodes"), List.of("a"), List.of()),
            new Rule(List.of("get", "list"), List.of("x.io"), List.of("y"), List.of(), List.of()));
    assertEquals(
        "user \"bob\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions"
            + " not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"nodes\"], ResourceNames:[\"a\"],"
            + " Verbs:[\"get\"]}\n"
            + "{APIGroups:[\"\"], Resources:[\"nodes\"], ResourceNames:[\"a\"],"
            + " Verbs:[\"list\"]}\n"
            + "{APIGroups:[\"x.io\"], Resources:[\"y\"], Verbs:[\"get\" \"list\"]}",
        escalation.refuseRules(subject("bob"), "roles", "shop", "r", nodes));
    assertNull(escalation.refuseBinding(subject("bob"), "shop", true, "view"));
    assertNotNull(escalation.refuseBinding(subject("bob"), "shop", true, "cluster-admin"));
    assertTrue(escalation.holdsEverything(subject("root")));
    assertEquals(false, escalation.holdsEverything(subject("bob")));
  }

  @Test
  void aggregatedRolesHoldWhatTheyGather() {
    BootstrapPolicy policy = BootstrapPolicy.standard();
    assertTrue(policy.rules("admin").containsAll(policy.rules("edit")));
    assertTrue(policy.rules("edit").containsAll(policy.rules("view")));
    assertTrue(policy.rules("view").size() > 5);
    assertEquals(
        policy.clusterRoles().size(),
        policy.clusterRoles().stream().map(Meta::name).distinct().count());
  }

  private long assertNotNullEntry(String key) {
    var entry = store.get(key);
    assertNotNull(entry);
    return entry.revision();
  }

  private boolean path(Subject subject, String path) {
    return authorization
        .decide(new Attributes(subject, "get", "", "", "", "", "", "", path, false))
        .allowed();
  }

  private static String message(Attributes wanted) {
    return Statuses.of(Authorization.refusal(wanted, "")).textOrEmpty("message");
  }

  private static Attributes wanted(
      String user, String verb, String group, String resource, String namespace, String name) {
    String[] parts = resource.split("/", 2);
    return new Attributes(
        subject(user),
        verb,
        group,
        "v1",
        parts[0],
        parts.length > 1 ? parts[1] : "",
        namespace,
        name,
        "",
        true);
  }

  private static Subject subject(String user) {
    Stream<String> groups =
        user.equals("root")
            ? Stream.of("system:masters")
            : user.startsWith("system:node:") ? Stream.of("system:nodes") : Stream.of();
    return new Subject(
        user, "", Stream.concat(groups, Stream.of("system:authenticated")).toList(), Map.of());
  }

  private void put(String prefix, List<Tree> objects) {
    for (Tree object : objects) {
      store.create(prefix + Meta.key(object), Json.write(object), null);
    }
  }

  private static Tree json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
