package io.bulwark.cluster.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people and programs may do, asked and granted on a whole control plane. */
class AccessTest {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(1);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static Resource review(String name, String kind, boolean namespaced) {
    return new Resource("authorization.k8s.io", "v1", name, kind, namespaced);
  }

  private static void bind(String namespace, String user) {
    Asking.grant(cluster.client(), namespace, user, Asking.rule("", "pods", "get", "list"));
  }

  @Test
  void aLocalReviewIsAboutItsNamespaceOnly() {
    String ns = cluster.namespace("local-review");
    bind(ns, "reader");
    Resource reviews = review("localsubjectaccessreviews", "LocalSubjectAccessReview", true);
    Tree ask =
        Tree.of(
            "apiVersion",
            "authorization.k8s.io/v1",
            "kind",
            "LocalSubjectAccessReview",
            "metadata",
            Tree.of("namespace", ns),
            "spec",
            Tree.of(
                "user",
                "reader",
                "resourceAttributes",
                Tree.of("namespace", ns, "verb", "get", "resource", "pods")));
    LiveCluster.await(
        "the right to read",
        () -> cluster.client().create(reviews, ns, ask).flag("status", "allowed"));
    Tree more = ask.copy().set("delete", "spec", "resourceAttributes", "verb");
    assertFalse(cluster.client().create(reviews, ns, more).flag("status", "allowed"));
  }

  @Test
  void everybodyCanAskForHisRules() {
    String ns = cluster.namespace("own-rules");
    bind(ns, "curious");
    Resource reviews = review("selfsubjectrulesreviews", "SelfSubjectRulesReview", false);
    Tree ask =
        Tree.of(
            "apiVersion", "authorization.k8s.io/v1",
            "kind", "SelfSubjectRulesReview",
            "spec", Tree.of("namespace", ns));
    ApiClient curious = cluster.client("curious", List.of("system:authenticated"));
    LiveCluster.await(
        "the rule about pods",
        () ->
            curious.create(reviews, null, ask).trees("status", "resourceRules").stream()
                .anyMatch(
                    rule ->
                        rule.texts("resources").equals(List.of("pods"))
                            && rule.texts("verbs").equals(List.of("get", "list"))));
    Tree told = curious.create(reviews, null, ask);
    assertFalse(told.flag("status", "incomplete"), told.toString());
    assertTrue(
        told.trees("status", "nonResourceRules").stream()
            .anyMatch(rule -> rule.texts("nonResourceURLs").contains("/version")),
        told.toString());
  }

  @Test
  void aggregatedRolesGatherTheRulesOfTheirParts() {
    ApiClient client = cluster.client();
    client.create(Resources.CLUSTER_ROLES, null, role("part-a", Asking.rule("", "pods", "get")));
    client.create(
        Resources.CLUSTER_ROLES,
        null,
        role("whole")
            .set(
                TreeList.of(Tree.of("matchLabels", Tree.of("part-of", "whole"))),
                "aggregationRule",
                "clusterRoleSelectors"));
    cluster.await(Resources.CLUSTER_ROLES, "", "whole", whole -> whole.trees("rules").size() == 1);
    client.create(
        Resources.CLUSTER_ROLES, null, role("part-b", Asking.rule("", "secrets", "list")));
    cluster.await(Resources.CLUSTER_ROLES, "", "whole", whole -> whole.trees("rules").size() == 2);
    client.delete(Resources.CLUSTER_ROLES, null, "part-a", null);
    Tree left =
        cluster.await(
            Resources.CLUSTER_ROLES, "", "whole", whole -> whole.trees("rules").size() == 1);
    assertEquals(List.of("secrets"), left.trees("rules").getFirst().texts("resources"));
  }

  private static Tree role(String name, Tree... rules) {
    return Tree.of(
        "apiVersion",
        RBAC + "/v1",
        "kind",
        "ClusterRole",
        "metadata",
        Tree.of(
            "name", name, "labels", Tree.of("part-of", rules.length == 0 ? "nothing" : "whole")),
        "rules",
        TreeList.of((Object[]) rules));
  }

  @Test
  void aRequestForACertificateIsApprovedOrDeniedByHand() {
    String wanted = order("wanted");
    String unwanted = order("unwanted");
    decide(wanted, "Approved");
    decide(unwanted, "Denied");
    Tree signed =
        cluster.await(
            Resources.CERTIFICATE_SIGNING_REQUESTS,
            "",
            wanted,
            order -> order.text("status", "certificate") != null);
    String pem =
        new String(
            Base64.getDecoder().decode(signed.textOrEmpty("status", "certificate")),
            StandardCharsets.US_ASCII);
    assertTrue(pem.startsWith("-----BEGIN CERTIFICATE-----"), pem);
    Tree denied = cluster.client().get(Resources.CERTIFICATE_SIGNING_REQUESTS, null, unwanted);
    assertEquals(null, denied.text("status", "certificate"));
  }

  private static String order(String user) {
    String request =
        SigningRequest.create(
            Authority.newKeys(), user, List.of("team"), Names.of(List.of(), List.of()));
    return Asking.certificate(
        cluster.client(), Tree.of("name", user), request, "kube-apiserver-client", "client auth");
  }

  private static void decide(String name, String type) {
    ApiClient client = cluster.client();
    Tree order = client.get(Resources.CERTIFICATE_SIGNING_REQUESTS, null, name).copy();
    order
        .childList("status", "conditions")
        .add(Tree.of("type", type, "status", "True", "reason", "ByHand", "message", "decided"));
    client.updateSubresource(Resources.CERTIFICATE_SIGNING_REQUESTS, order, "approval");
  }
}
