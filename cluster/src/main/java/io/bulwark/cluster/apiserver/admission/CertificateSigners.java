package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;

/** Who approves or signs a certificate request needs that right on its signer. */
final class CertificateSigners implements Plugin {
  private static final String GROUP = "certificates.k8s.io";
  private static final String RESOURCE = "certificatesigningrequests";
  private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

  private final Authorization authorization;

  CertificateSigners(Authorization authorization) {
    this.authorization = authorization;
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (request.updates() && request.on(GROUP, RESOURCE, "approval")) {
      require(request, "approve");
    } else if (request.updates() && request.on(GROUP, RESOURCE, "status")) {
      boolean signs =
          !Objects.equals(
              request.wanted().at("status", "certificate"),
              request.stored().at("status", "certificate"));
      if (signs) {
        require(request, "sign");
      }
    } else if (request.creates() && request.on(GROUP, RESOURCE, "")) {
      refuseMasters(request);
    }
  }

  private void require(AdmissionRequest request, String verb) {
    String signer = request.stored().textOrEmpty("spec", "signerName");
    String domain = signer.replaceAll("/.*", "") + "/*";
    if (!may(request, verb, signer) && !may(request, verb, domain)) {
      throw request
          .forbidden(
              "user not permitted to " + verb + " requests with signerName \"" + signer + "\"")
          .rejected();
    }
  }

  private boolean may(AdmissionRequest request, String verb, String signer) {
    return authorization
        .decide(
            new Attributes(request.subject(), verb, GROUP, "", "signers", "", "", signer, "", true))
        .allowed();
  }

  private static void refuseMasters(AdmissionRequest request) {
    Tree spec = request.wanted().treeOrEmpty("spec");
    if (!spec.textOrEmpty("signerName").equals(CLIENT_SIGNER)) {
      return;
    }
    try {
      String pem =
          new String(
              Base64.getMimeDecoder().decode(spec.textOrEmpty("request")), StandardCharsets.UTF_8);
      if (SigningRequest.parse(pem).organizations().contains("system:masters")) {
        throw request
            .forbidden(
                "use of kubernetes.io/kube-apiserver-client signer with system:masters group is"
                    + " not allowed")
            .rejected();
      }
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      throw request.forbidden("unable to parse csr: " + unreadable.getMessage()).rejected();
    }
  }
}
