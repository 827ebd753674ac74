package io.bulwark.cluster.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.HttpsTransport;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.JoinToken;
import io.bulwark.cluster.LiveCluster;
import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's certificates, got from a live control plane over TLS. */
class NodeCertificatesTest {
  private static final NodeCertificates.Node NODE =
      new NodeCertificates.Node("worker", "192.0.2.10");
  private static final Resource REVIEWS =
      new Resource("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", false);

  private final Instant start = Instant.now();
  private final AtomicReference<Instant> now = new AtomicReference<>(start);

  @TempDir Path directory;

  @Test
  void bothAreRenewedBeforeTheyExpire() throws Exception {
    try (LiveCluster cluster = new LiveCluster(0)) {
      NodeCertificates certificates = joined(cluster);
      try (HttpsTransport transport =
          new HttpsTransport(cluster.server(), certificates.clientContext(), () -> null)) {
        ApiClient api = new ApiClient(transport);
        Identity serving = certificates.serving(api);
        X509Certificate firstServing = serving.certificate();
        X509Certificate firstClient = stored("node-client.crt");

        Instant due = serving.renewal();
        now.set(due.minus(Duration.ofHours(1)));
        certificates.renewDue(api);
        assertEquals(firstClient, stored("node-client.crt"));
        assertEquals(firstServing, serving.certificate());

        now.set(due.plus(Duration.ofHours(1)));
        certificates.start(Duration.ofDays(1)); // looks at once
        LiveCluster.await(
            "two other certificates",
            () ->
                !serving.certificate().equals(firstServing)
                    && !stored("node-client.crt").equals(firstClient));
        now.set(start);
        certificates.close();

        assertEquals(serving.certificate(), stored("node-server.crt"));
        assertEquals(serving.certificate(), shown(serving, certificates.authority()));
        assertEquals(
            "X509SHA256=" + Sha256.hex(stored("node-client.crt").getEncoded()),
            credential(cluster, certificates));
      }
    }
  }

  @Test
  void aRestartNeedsNoTokenAndAnExpiredCertificateDoes() throws Exception {
    try (LiveCluster cluster = new LiveCluster(0)) {
      joined(cluster);
      NodeCertificates.obtain(directory, cluster.server(), NODE, null, null, now::get);
      now.set(start.plus(Duration.ofDays(366)));
      assertThrows(
          IOException.class,
          () -> NodeCertificates.obtain(directory, cluster.server(), NODE, null, null, now::get));
    }
  }

  @Test
  void aRestartHeedsTheHashAndTheName() throws Exception {
    try (LiveCluster cluster = new LiveCluster(0)) {
      String known = Authority.hash(joined(cluster).authority());
      NodeCertificates.obtain(directory, cluster.server(), NODE, null, known, now::get);
      String other = "sha256:" + "0".repeat(64);
      assertThrows(
          IOException.class,
          () -> NodeCertificates.obtain(directory, cluster.server(), NODE, null, other, now::get));
      NodeCertificates.Node stranger = new NodeCertificates.Node("stranger", "192.0.2.10");
      assertThrows(
          IOException.class,
          () ->
              NodeCertificates.obtain(directory, cluster.server(), stranger, null, null, now::get));
    }
  }

  @Test
  void aRestartWithAnExpiredServingCertificateOrdersAnother() throws Exception {
    try (LiveCluster cluster = new LiveCluster(0)) {
      NodeCertificates first = joined(cluster);
      try (HttpsTransport transport =
          new HttpsTransport(cluster.server(), first.clientContext(), () -> null)) {
        ApiClient api = new ApiClient(transport);
        X509Certificate old = first.serving(api).certificate();
        assertEquals(old, restarted(cluster).serving(api).certificate());

        NodeCertificates late = restarted(cluster);
        now.set(old.getNotAfter().toInstant().plusSeconds(1));
        assertNotEquals(old, late.serving(api).certificate());
      }
    }
  }

  private NodeCertificates restarted(LiveCluster cluster) throws Exception {
    return NodeCertificates.obtain(directory, cluster.server(), NODE, null, null, now::get);
  }

  private NodeCertificates joined(LiveCluster cluster) throws Exception {
    ApiClient admin = cluster.client();
    JoinToken token = JoinToken.random(new SecureRandom());
    admin.create(Resources.SECRETS, "kube-system", token.secret(start.plus(Duration.ofHours(1))));
    Tree node =
        Tree.of("apiVersion", "v1", "kind", "Node", "metadata", Tree.of("name", NODE.name()));
    admin.create(Resources.NODES, null, node);
    TreeList addresses = TreeList.of(Tree.of("type", "InternalIP", "address", NODE.address()));
    admin.patch(
        Resources.NODES,
        null,
        NODE.name(),
        "status",
        PatchType.MERGE, // controllers write to the new node as well
        Tree.of("status", Tree.of("addresses", addresses)),
        Query.none());
    return NodeCertificates.obtain(directory, cluster.server(), NODE, token.text(), null, now::get);
  }

  /** Which certificate the API server saw on a new connection. */
  private static String credential(LiveCluster cluster, NodeCertificates certificates)
      throws Exception {
    try (HttpsTransport transport =
        new HttpsTransport(cluster.server(), certificates.clientContext(), () -> null)) {
      Tree answer =
          new ApiClient(transport)
              .create(
                  REVIEWS,
                  null,
                  Tree.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview"));
      assertEquals("system:node:worker", answer.text("status", "userInfo", "username"));
      return answer
          .texts("status", "userInfo", "extra", "authentication.kubernetes.io/credential-id")
          .getFirst();
    }
  }

  /** What a client of the node's endpoint gets to see. */
  private static X509Certificate shown(Identity serving, X509Certificate authority)
      throws Exception {
    var trust = Trust.in(List.of(authority));
    try (SSLServerSocket listener =
        (SSLServerSocket)
            Trust.context(serving.keyManager(), trust)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                  accepted.startHandshake();
                } catch (IOException broken) {
                  throw new IllegalStateException(broken);
                }
              });
      try (SSLSocket client =
          (SSLSocket)
              Trust.context(null, trust)
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
        client.startHandshake();
        served.join();
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
      }
    }
  }

  private X509Certificate stored(String file) {
    try {
      return Pem.certificates(Files.readString(directory.resolve(file))).getFirst();
    } catch (Exception unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
