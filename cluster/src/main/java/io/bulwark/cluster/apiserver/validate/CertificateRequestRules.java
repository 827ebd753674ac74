package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Certificate signing requests. */
final class CertificateRequestRules implements Rules {
  private static final long SHORTEST = 600;

  @Override
  public void check(Tree object, Checks checks) {
    Tree spec = object.treeOrEmpty("spec");
    String request = spec.textOrEmpty("request");
    if (!pem(request)) {
      checks.invalid("spec.request", request, "PEM block type must be CERTIFICATE REQUEST");
    }
    if (spec.list("usages").isEmpty()) {
      checks.required("spec.usages", "");
    }
    String signer = spec.textOrEmpty("signerName");
    if (signer.isEmpty()) {
      checks.required("spec.signerName", "");
    } else if (!signer.matches("[^/]+\\.[^/]+/.+")) {
      checks.invalid(
          "spec.signerName",
          signer,
          "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    } else if (signer.equals("kubernetes.io/legacy-unknown")) {
      checks.invalid(
          "spec.signerName", signer, "the legacy signerName is not allowed via this API version");
    }
    if (spec.get("expirationSeconds") instanceof Long seconds && seconds < SHORTEST) {
      checks.invalid(
          "spec.expirationSeconds",
          seconds,
          "may not specify a duration less than 600 seconds (10 minutes)");
    }
  }

  private static boolean pem(String base64) {
    try {
      String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
      return text.contains("-----BEGIN CERTIFICATE REQUEST-----");
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
