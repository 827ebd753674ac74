package io.bulwark.cluster.controller.certificates;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which requests of nodes are approved without a person: those whose sender may order a
 * first node certificate, and those of a node for itself.
 */
final class CertificateApproval {
  private static final Resource REVIEWS =
      new Resource(
          "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false);
  private static final String NODE = "system:node:";

  private final ControllerContext context;
  private final Informer nodes;
  private final Informer services;

  CertificateApproval(ControllerContext context) {
    this.context = context;
    this.nodes = context.informers().of(Resources.NODES);
    this.services = context.informers().of(Resources.SERVICES);
  }

  /** Whether the request is to be approved now; a person may still approve others. */
  boolean approves(Signer signer, SigningRequest request, Tree order) {
    boolean own = order.textOrEmpty("spec", "username").equals(request.commonName());
    return switch (signer) {
      case CLIENT -> false;
      case NODE_CLIENT -> own ? allowed(order, "selfnodeclient") : allowed(order, "nodeclient");
      case NODE_SERVER -> own && namesAreTheNodes(request);
    };
  }

  /**
   * A node's endpoint is known by the node's name and by its internal addresses, as long as nobody
   * else has them: a node writes its own addresses and could claim those of another or of a
   * Service.
   */
  private boolean namesAreTheNodes(SigningRequest request) {
    String name = request.commonName().substring(NODE.length());
    Tree node = nodes.get(null, name);
    if (node == null || !services.synced()) {
      return false;
    }
    Set<String> own = internal(node);
    for (Tree other : nodes.list()) {
      if (!Meta.name(other).equals(name)) {
        own.removeAll(internal(other));
      }
    }
    for (Tree service : services.list()) {
      own.removeAll(service.texts("spec", "clusterIPs"));
    }
    return Set.of(name).containsAll(request.names().dns())
        && own.containsAll(request.names().addresses());
  }

  private static Set<String> internal(Tree node) {
    Set<String> addresses = new HashSet<>();
    for (Tree address : node.trees("status", "addresses")) {
      if (address.textOrEmpty("type").equals("InternalIP")) {
        addresses.add(address.textOrEmpty("address"));
      }
    }
    return addresses;
  }

  private boolean allowed(Tree order, String subresource) {
    Tree review =
        Tree.of(
            "apiVersion", "authorization.k8s.io/v1",
            "kind", "SubjectAccessReview",
            "spec",
                Tree.of(
                    "user", order.textOrEmpty("spec", "username"),
                    "groups", new TreeList(order.texts("spec", "groups")),
                    "resourceAttributes",
                        Tree.of(
                            "group", "certificates.k8s.io",
                            "resource", "certificatesigningrequests",
                            "subresource", subresource,
                            "verb", "create")));
    return context.client().create(REVIEWS, null, review).flag("status", "allowed");
  }

  void approve(Tree order) {
    Tree approved = order.copy();
    List<Tree> before = order.trees("status", "conditions");
    TreeList conditions = new TreeList(before.stream().map(Tree::copy).toList());
    conditions.add(
        Tree.of(
            "type", "Approved",
            "status", "True",
            "reason", "AutoApproved",
            "message", "Auto approving " + Meta.name(order) + " after SubjectAccessReview."));
    approved.set(conditions, "status", "conditions");
    try {
      context
          .client()
          .updateSubresource(Resources.CERTIFICATE_SIGNING_REQUESTS, approved, "approval");
    } catch (ApiException refused) {
      if (!refused.conflict() && !refused.notFound()) {
        throw refused;
      }
    }
  }
}
