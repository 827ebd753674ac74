package io.bulwark.cluster.join;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Asks the cluster to sign a request and waits for the certificate. */
final class CertificateOrder {
  static final String NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
  static final String NODE_SERVER = "kubernetes.io/kubelet-serving";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 250;

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
      String certificate = now.text("status", "certificate");
      if (certificate != null) {
        return new String(Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
      }
      for (Tree condition : now.trees("status", "conditions")) {
        String type = condition.textOrEmpty("type");
        if (type.equals("Denied") || type.equals("Failed")) {
          throw new IOException(
              "certificate request %s: %s: %s"
                  .formatted(name, type, condition.textOrEmpty("message")));
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new IOException(
        "certificate request %s is not signed after %d s; approve it with: kubectl certificate approve %s"
            .formatted(name, LIMIT.toSeconds(), name));
  }
}
