package io.bulwark.cluster.platform.tls;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

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
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
    name.addRDN(BCStyle.CN, commonName);
    try {
      return new X500Principal(name.build().getEncoded());
    } catch (IOException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
