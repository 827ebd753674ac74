package io.bulwark.cluster.platform.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * What a certificate says, but for the key and who signs it.
 *
 * @param usages extended key usages and whether a key may encipher keys
 * @param lifetime from now on; cut to the end of the signing authority
 */
public record Certification(
    X500Principal subject, Set<Usage> usages, Names names, Duration lifetime) {
  /** What the key may be used for. */
  public enum Usage {
    CLIENT,
    SERVER
  }

  /** Subject alternative names; addresses are textual IP addresses. */
  public record Names(
      List<String> dns, List<String> addresses, List<String> emails, List<String> uris) {
    public static final Names NONE = new Names(List.of(), List.of(), List.of(), List.of());

    public Names {
      dns = List.copyOf(dns);
      addresses = List.copyOf(addresses);
      emails = List.copyOf(emails);
      uris = List.copyOf(uris);
    }

    public static Names of(List<String> dns, List<String> addresses) {
      return new Names(dns, addresses, List.of(), List.of());
    }

    boolean isEmpty() {
      return dns.isEmpty() && addresses.isEmpty() && emails.isEmpty() && uris.isEmpty();
    }
  }

  public Certification {
    usages = Set.copyOf(usages);
    if (lifetime.isNegative() || lifetime.isZero()) {
      throw new IllegalArgumentException("a certificate must live longer than " + lifetime);
    }
  }

  /** A distinguished name of one common name and organizations in the order given. */
  public static X500Principal subject(String commonName, List<String> organizations) {
    List<byte[]> parts = new ArrayList<>();
    organizations.forEach(organization -> parts.add(part("2.5.4.10", organization)));
    parts.add(part("2.5.4.3", commonName));
    return new X500Principal(Der.sequence(parts.toArray(byte[][]::new)));
  }

  private static byte[] part(String type, String value) {
    return Der.of(Der.SET, Der.sequence(Der.identifier(type), Der.utf8(value)));
  }
}
