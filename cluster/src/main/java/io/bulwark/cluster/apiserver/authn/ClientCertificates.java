package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.DistinguishedName;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Users by client certificates of the cluster's authority: the common name is the user, the
 * organizations are the groups. Thread-safe.
 */
public final class ClientCertificates {
  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int CACHED = 1024;

  private final Supplier<Authority> authority;
  private final InstantSource clock;
  private final Map<X509Certificate, Subject> known = new ConcurrentHashMap<>();

  public ClientCertificates(Supplier<Authority> authority, InstantSource clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /** The user, or null where the certificate is not one of the cluster's for clients. */
  @Nullable Subject subject(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return null;
    }
    X509Certificate leaf = chain.getFirst();
    Instant now = clock.instant();
    if (now.isBefore(leaf.getNotBefore().toInstant())
        || now.isAfter(leaf.getNotAfter().toInstant())) {
      return null;
    }
    Subject cached = known.get(leaf);
    if (cached != null) {
      return cached;
    }
    Subject subject = verified(leaf);
    if (subject != null) {
      if (known.size() >= CACHED) {
        known.clear();
      }
      known.put(leaf, subject);
    }
    return subject;
  }

  private @Nullable Subject verified(X509Certificate leaf) {
    try {
      X509Certificate signer = authority.get().certificate();
      if (!leaf.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
        return null;
      }
      leaf.verify(signer.getPublicKey());
      List<String> usages = leaf.getExtendedKeyUsage();
      if (usages != null && !usages.contains(CLIENT_USAGE) && !usages.contains(ANY_USAGE)) {
        return null;
      }
      DistinguishedName name = DistinguishedName.of(leaf.getSubjectX500Principal());
      if (name.commonName().isEmpty()) {
        return null;
      }
      List<String> groups = new ArrayList<>(name.organizations());
      groups.add("system:authenticated");
      String print = Sha256.hex(leaf.getEncoded());
      return new Subject(
          name.commonName(),
          "",
          groups,
          Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + print)));
    } catch (GeneralSecurityException | IllegalArgumentException notOurs) {
      return null;
    }
  }
}
