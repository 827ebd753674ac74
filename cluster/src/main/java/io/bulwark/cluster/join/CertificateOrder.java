package io.bulwark.cluster.join;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Query;
import io.bulwark.client.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the cluster to sign a request and waits for the certificate. */
final class CertificateOrder {
  static final String NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
  static final String NODE_SERVER = "kubernetes.io/kubelet-serving";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long RETRY_MILLIS = 250;

  private CertificateOrder() {}

  /**
   * @param request a PKCS #10 request as PEM
   * @return the certificate as PEM
   * @throws IOException if it is denied or nobody signs it in time
   */
  static String place(ApiClient client, String signer, String request, List<String> usages)
      throws IOException, InterruptedException {
    Tree order =
        Tree.of(
            "apiVersion",
            "certificates.k8s.io/v1",
            "kind",
            "CertificateSigningRequest",
            "metadata",
            Tree.of("generateName", "csr-"),
            "spec",
            Tree.of(
                "request",
                Base64.getEncoder().encodeToString(request.getBytes(StandardCharsets.US_ASCII)),
                "signerName",
                signer,
                "usages",
                new TreeList(usages)));
    Tree placed = client.create(Resources.CERTIFICATE_SIGNING_REQUESTS, null, order);
    String name = Meta.name(placed);
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Tree now = client.get(Resources.CERTIFICATE_SIGNING_REQUESTS, null, name);
      String certificate = certificate(now);
      if (certificate == null) {
        certificate = follow(client, now, end - System.nanoTime());
      }
      if (certificate != null) {
        return certificate;
      }
      Thread.sleep(RETRY_MILLIS); // backs off from a server that ends every watch at once
    }
    throw new IOException(
        "certificate request %s is not signed after %d s; approve it with: kubectl certificate approve %s"
            .formatted(name, LIMIT.toSeconds(), name));
  }

  /** Waits for the certificate; null when the watch ends or breaks off before. */
  private static @Nullable String follow(ApiClient client, Tree order, long nanos)
      throws IOException {
    Query changes =
        Query.fields("metadata.name=" + Meta.name(order))
            .with("resourceVersion", Meta.resourceVersion(order))
            .with("timeoutSeconds", Long.toString(1 + Math.max(0, nanos) / 1_000_000_000));
    try (Watch watch = client.watch(Resources.CERTIFICATE_SIGNING_REQUESTS, null, changes)) {
      for (Watch.Event event = watch.next(); event != null; event = watch.next()) {
        String certificate = certificate(event.object());
        if (certificate != null) {
          return certificate;
        }
      }
    } catch (ApiException broken) {
      return null; // the next question tells whether the server is gone or refuses
    }
    return null;
  }

  private static @Nullable String certificate(Tree order) throws IOException {
    String certificate = order.text("status", "certificate");
    if (certificate != null) {
      return new String(Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
    }
    for (Tree condition : order.trees("status", "conditions")) {
      String type = condition.textOrEmpty("type");
      if (type.equals("Denied") || type.equals("Failed")) {
        throw new IOException(
            "certificate request %s: %s: %s"
                .formatted(Meta.name(order), type, condition.textOrEmpty("message")));
      }
    }
    return null;
  }
}
