package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.util.List;

/** The kinds of certificates.k8s.io/v1. */
final class CertificatesRows {
  private final Ages ages;

  CertificatesRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        Row.of(Resources.CERTIFICATE_SIGNING_REQUESTS)
            .shortNames("csr")
            .status()
            .subresource("approval", "get", "patch", "update")
            .columns(
                Columns.name(),
                ages.column(),
                Columns.text(
                    "SignerName",
                    "Which signer is asked.",
                    object -> object.textOrEmpty("spec", "signerName")),
                Columns.text(
                    "Requestor", "Who asks.", object -> object.textOrEmpty("spec", "username")),
                Columns.text(
                    "RequestedDuration",
                    "For how long the certificate shall be valid.",
                    CertificatesRows::duration),
                Columns.text("Condition", "What became of it.", CertificatesRows::condition))
            .selectable("spec.signerName")
            .strategy(new CertificateRequestStrategy())
            .kind());
  }

  private static String duration(Tree object) {
    return object.has("spec", "expirationSeconds")
        ? Ages.human(Duration.ofSeconds(object.number(0, "spec", "expirationSeconds")))
        : Columns.NONE;
  }

  private static String condition(Tree object) {
    boolean approved = has(object, "Approved");
    boolean denied = has(object, "Denied");
    String text = denied ? "Denied" : approved ? "Approved" : "Pending";
    if (has(object, "Failed")) {
      text += ",Failed";
    }
    if (!object.textOrEmpty("status", "certificate").isEmpty()) {
      text += ",Issued";
    }
    return text;
  }

  private static boolean has(Tree object, String type) {
    return object.trees("status", "conditions").stream()
        .anyMatch(condition -> condition.textOrEmpty("type").equals(type));
  }
}
