package io.bulwark.cluster.controller.certificates;

import io.bulwark.cluster.platform.tls.Certification.Names;
import io.bulwark.cluster.platform.tls.Certification.Usage;
import io.bulwark.cluster.platform.tls.SigningRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A signer's rules for what it signs.
 *
 * <p>Source: upstream's "Certificates and Certificate Signing Requests", Kubernetes signers.
 */
enum Signer {
  CLIENT("kubernetes.io/kube-apiserver-client", Usage.CLIENT, "client auth") {
    @Override
    @Nullable String objection(SigningRequest request) {
      return request.organizations().contains("system:masters")
          ? "the group system:masters is not given by certificate requests"
          : null;
    }
  },
  NODE_CLIENT("kubernetes.io/kube-apiserver-client-kubelet", Usage.CLIENT, "client auth") {
    @Override
    @Nullable String objection(SigningRequest request) {
      return request.names().equals(Names.NONE)
          ? nodeSubject(request)
          : "subjectAltNames are not allowed";
    }
  },
  NODE_SERVER("kubernetes.io/kubelet-serving", Usage.SERVER, "server auth") {
    @Override
    @Nullable String objection(SigningRequest request) {
      Names names = request.names();
      if (names.dns().isEmpty() && names.addresses().isEmpty()) {
        return "DNS or IP subjectAltName is required";
      }
      if (!names.emails().isEmpty() || !names.uris().isEmpty()) {
        return "email and URI subjectAltNames are not allowed";
      }
      return nodeSubject(request);
    }
  };

  private static final Set<String> COMMON = Set.of("digital signature", "key encipherment");

  private final String signerName;
  private final Usage usage;
  private final String requiredUsage;

  Signer(String signerName, Usage usage, String requiredUsage) {
    this.signerName = signerName;
    this.usage = usage;
    this.requiredUsage = requiredUsage;
  }

  static Optional<Signer> of(String signerName) {
    return Arrays.stream(values()).filter(s -> s.signerName.equals(signerName)).findFirst();
  }

  Usage usage() {
    return usage;
  }

  /** Why this signer does not sign a request, or null if it does. */
  abstract @Nullable String objection(SigningRequest request);

  /** Why this signer does not sign for these usages, or null if it does. */
  @Nullable String usageObjection(List<String> usages) {
    if (!usages.contains(requiredUsage)) {
      return "usage did not contain " + requiredUsage;
    }
    return usages.stream().allMatch(u -> u.equals(requiredUsage) || COMMON.contains(u))
        ? null
        : "usages did not match the signer's: " + usages;
  }

  private static @Nullable String nodeSubject(SigningRequest request) {
    if (!request.organizations().equals(List.of("system:nodes"))) {
      return "subject organization is not system:nodes";
    }
    return request.commonName().startsWith("system:node:")
        ? null
        : "subject common name does not begin with system:node: ";
  }
}
