package io.bulwark.cluster.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.cluster.JoinToken;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ways around a missing right, tried on a whole control plane. */
class RightsTest {
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void anApplyThatCreatesNeedsTheRightToCreate() {
    String namespace = cluster.namespace("apply-rights");
    Asking.grant(
        cluster.client(), namespace, "patcher", Asking.rule("", "configmaps", "get", "patch"));
    ApiClient patcher = cluster.client("patcher", List.of());
    Tree map =
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Tree.of("name", "settings", "namespace", namespace),
            "data",
            Tree.of("a", "1"));
    ApiException refused =
        assertThrows(
            ApiException.class, () -> patcher.apply(Resources.CONFIG_MAPS, map, "patcher"));
    assertEquals(403, refused.code());
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("cannot create resource"), said);
    cluster.client().create(Resources.CONFIG_MAPS, namespace, map.copy());
    assertEquals(
        "2",
        patcher
            .apply(Resources.CONFIG_MAPS, map.copy().set("2", "data", "a"), "patcher")
            .text("data", "a"));
  }

  @Test
  void aJoinTokenIsForThisServerOnly() {
    JoinToken token = JoinToken.random(new Random(7));
    cluster
        .client()
        .create(Resources.SECRETS, "kube-system", token.secret(Instant.now().plusSeconds(600)));
    Resource reviews =
        new Resource("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false);
    Tree review =
        Tree.of(
            "apiVersion", "authentication.k8s.io/v1",
            "kind", "TokenReview",
            "spec", Tree.of("token", token.text()));
    LiveCluster.await(
        "the token is known",
        () -> cluster.client().create(reviews, null, review).flag("status", "authenticated"));
    Tree elsewhere = review.copy();
    elsewhere.childList("spec", "audiences").add("https://elsewhere");
    assertFalse(cluster.client().create(reviews, null, elsewhere).flag("status", "authenticated"));
  }

  @Test
  void aNodeGetsNoServingCertificateForOtherNames() {
    ApiClient node = cluster.client("system:node:node-1", List.of("system:nodes"));
    String hostile = order(node, Names.of(List.of("kubernetes.default.svc"), List.of()));
    String honest = order(node, Names.of(List.of("node-1"), List.of()));
    cluster.await(
        Resources.CERTIFICATE_SIGNING_REQUESTS,
        "",
        honest,
        order -> order.text("status", "certificate") != null);
    Tree kept = cluster.client().get(Resources.CERTIFICATE_SIGNING_REQUESTS, null, hostile);
    assertTrue(kept.trees("status", "conditions").isEmpty(), kept.toString());
  }

  private static String order(ApiClient node, Names names) {
    String request =
        SigningRequest.create(
            Authority.newKeys(), "system:node:node-1", List.of("system:nodes"), names);
    return Asking.certificate(
        node,
        Tree.of("generateName", "csr-"),
        request,
        "kubelet-serving",
        "digital signature",
        "server auth");
  }
}
