package io.bulwark.cluster.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.LiveCluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets that hold a token of a service account, on a whole control plane. */
class TokenSecretsTest {
  private static final String ACCOUNT = "kubernetes.io/service-account.name";
  private static final Resource REVIEWS =
      new Resource("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false);
  private static LiveCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster(0);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static Tree account(String namespace, String name) {
    return cluster
        .client()
        .create(
            Resources.SERVICE_ACCOUNTS,
            namespace,
            Tree.of(
                "apiVersion", "v1",
                "kind", "ServiceAccount",
                "metadata", Tree.of("name", name)));
  }

  private static void secret(String namespace, String name, String account) {
    cluster
        .client()
        .create(
            Resources.SECRETS,
            namespace,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "type",
                "kubernetes.io/service-account-token",
                "metadata",
                Tree.of("name", name, "annotations", Tree.of(ACCOUNT, account))));
  }

  private static Tree filled(String namespace, String name) {
    return cluster.await(
        Resources.SECRETS,
        namespace,
        name,
        secret -> !secret.textOrEmpty("data", "token").isEmpty());
  }

  private static String text(Tree secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.textOrEmpty("data", key)), StandardCharsets.UTF_8);
  }

  private static Tree review(String token) {
    return cluster
        .client()
        .create(
            REVIEWS,
            null,
            Tree.of(
                "apiVersion", "authentication.k8s.io/v1",
                "kind", "TokenReview",
                "spec", Tree.of("token", token)))
        .treeOrEmpty("status");
  }

  private static void awaitGone(String namespace, String name) {
    LiveCluster.await(
        "the end of secret " + name,
        () -> cluster.client().find(Resources.SECRETS, namespace, name) == null);
  }

  @Test
  void aTokenThatTheServerTakesIsPutInto() {
    String ns = cluster.namespace("token-filled");
    Tree robot = account(ns, "robot");
    secret(ns, "robot-token", "robot");
    Tree secret = filled(ns, "robot-token");
    assertEquals(ns, text(secret, "namespace"));
    assertTrue(text(secret, "ca.crt").startsWith("-----BEGIN CERTIFICATE-----"));
    assertEquals(Meta.uid(robot), Meta.annotation(secret, "kubernetes.io/service-account.uid"));
    Tree status = review(text(secret, "token"));
    assertTrue(status.flag("authenticated"), status.toString());
    assertEquals("system:serviceaccount:" + ns + ":robot", status.textOrEmpty("user", "username"));
  }

  @Test
  void whatIsTakenOutIsPutBack() {
    String ns = cluster.namespace("token-emptied");
    account(ns, "robot");
    secret(ns, "robot-token", "robot");
    String first = filled(ns, "robot-token").toString();
    cluster.change(
        Resources.SECRETS, ns, "robot-token", secret -> secret.put("data", Tree.of("own", "eA==")));
    Tree again = filled(ns, "robot-token");
    assertNotEquals(first, again.toString());
    assertEquals("x", text(again, "own"));
    assertTrue(review(text(again, "token")).flag("authenticated"));
  }

  @Test
  void itEndsWithItsAccountAndSoDoesTheToken() {
    String ns = cluster.namespace("token-ended");
    account(ns, "robot");
    secret(ns, "robot-token", "robot");
    String token = text(filled(ns, "robot-token"), "token");
    cluster.client().delete(Resources.SERVICE_ACCOUNTS, ns, "robot", null);
    awaitGone(ns, "robot-token");
    Tree status = review(token);
    assertFalse(status.flag("authenticated"), status.toString());
  }

  @Test
  void oneOfNoAccountOrOfAnEarlierOneIsDeleted() {
    String ns = cluster.namespace("token-orphan");
    secret(ns, "orphan", "nobody");
    awaitGone(ns, "orphan");
    account(ns, "robot");
    cluster
        .client()
        .create(
            Resources.SECRETS,
            ns,
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "type",
                "kubernetes.io/service-account-token",
                "metadata",
                Tree.of(
                    "name",
                    "earlier",
                    "annotations",
                    Tree.of(
                        ACCOUNT,
                        "robot",
                        "kubernetes.io/service-account.uid",
                        "00000000-0000-0000-0000-000000000001"))));
    awaitGone(ns, "earlier");
  }

  @Test
  void anAccountForgetsASecretThatIsDeleted() {
    String ns = cluster.namespace("token-forgotten");
    account(ns, "robot");
    secret(ns, "robot-token", "robot");
    filled(ns, "robot-token");
    cluster.change(
        Resources.SERVICE_ACCOUNTS,
        ns,
        "robot",
        account ->
            account.put(
                "secrets",
                TreeList.of(Tree.of("name", "robot-token"), Tree.of("name", "another"))));
    cluster.client().delete(Resources.SECRETS, ns, "robot-token", null);
    Tree after =
        cluster.await(
            Resources.SERVICE_ACCOUNTS,
            ns,
            "robot",
            account -> account.trees("secrets").size() == 1);
    assertEquals("another", after.trees("secrets").getFirst().textOrEmpty("name"));
  }
}
