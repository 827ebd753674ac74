package io.bulwark.cluster.security;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.LiveCluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Rights and certificates, asked of a live control plane. */
final class Asking {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final Resource REVIEWS =
      new Resource(
          "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false);

  private Asking() {}

  static Tree rule(String group, String resource, String... verbs) {
    return Tree.of(
        "apiGroups", TreeList.of(group),
        "resources", TreeList.of(resource),
        "verbs", TreeList.of((Object[]) verbs));
  }

  /** Gives a user what a rule says, in one namespace, and waits until the authorizer knows. */
  static void grant(ApiClient client, String namespace, String user, Tree rule) {
    client.create(
        Resources.ROLES,
        namespace,
        Tree.of(
            "apiVersion",
            RBAC + "/v1",
            "kind",
            "Role",
            "metadata",
            Tree.of("name", user),
            "rules",
            TreeList.of(rule)));
    client.create(
        Resources.ROLE_BINDINGS,
        namespace,
        Tree.of(
            "apiVersion", RBAC + "/v1",
            "kind", "RoleBinding",
            "metadata", Tree.of("name", user),
            "roleRef", Tree.of("apiGroup", RBAC, "kind", "Role", "name", user),
            "subjects", TreeList.of(Tree.of("apiGroup", RBAC, "kind", "User", "name", user))));
    Tree attributes =
        Tree.of(
            "namespace", namespace,
            "group", rule.texts("apiGroups").getFirst(),
            "resource", rule.texts("resources").getFirst(),
            "verb", rule.texts("verbs").getFirst());
    Tree review =
        Tree.of(
            "apiVersion", "authorization.k8s.io/v1",
            "kind", "SubjectAccessReview",
            "spec", Tree.of("user", user, "resourceAttributes", attributes));
    LiveCluster.await(
        "the right of " + user,
        () -> client.create(REVIEWS, null, review).flag("status", "allowed"));
  }

  /** Orders a certificate of {@code kubernetes.io/SIGNER}; the name of the request. */
  static String certificate(
      ApiClient client, Tree metadata, String request, String signer, String... usages) {
    String encoded =
        Base64.getEncoder().encodeToString(request.getBytes(StandardCharsets.US_ASCII));
    return client
        .create(
            Resources.CERTIFICATE_SIGNING_REQUESTS,
            null,
            Tree.of(
                "apiVersion",
                "certificates.k8s.io/v1",
                "kind",
                "CertificateSigningRequest",
                "metadata",
                metadata,
                "spec",
                Tree.of(
                    "request",
                    encoded,
                    "signerName",
                    "kubernetes.io/" + signer,
                    "usages",
                    TreeList.of((Object[]) usages))))
        .textOrEmpty("metadata", "name");
  }
}
