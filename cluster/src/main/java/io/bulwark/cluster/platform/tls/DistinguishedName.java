package io.bulwark.cluster.platform.tls;

import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * The parts of a subject that name a user and his groups.
 *
 * @param commonName empty where there is none
 * @param organizations in the order of the subject
 */
public record DistinguishedName(String commonName, List<String> organizations) {
  public DistinguishedName {
    organizations = List.copyOf(organizations);
  }

  /**
   * @throws IllegalArgumentException if the name cannot be read
   */
  public static DistinguishedName of(X500Principal principal) {
    String commonName = "";
    List<String> organizations = new ArrayList<>();
    try {
      // RFC 2253 text has the last part first; LdapName counts from its right end.
      for (Rdn part : new LdapName(principal.getName(X500Principal.RFC2253)).getRdns()) {
        var attributes = part.toAttributes().getAll();
        while (attributes.hasMore()) {
          Attribute attribute = attributes.next();
          if (attribute.get() instanceof String value) {
            switch (attribute.getID().toUpperCase(java.util.Locale.ROOT)) {
              case "CN" -> commonName = value;
              case "O" -> organizations.add(value);
              default -> {}
            }
          }
        }
      }
    } catch (NamingException unreadable) {
      throw new IllegalArgumentException(unreadable);
    }
    return new DistinguishedName(commonName, organizations);
  }
}
