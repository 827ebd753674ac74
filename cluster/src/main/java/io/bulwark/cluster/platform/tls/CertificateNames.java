package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The alternative names of a certificate in a form that can be compared. */
final class CertificateNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private CertificateNames() {}

  static Set<String> of(X509Certificate certificate) throws CertificateParsingException {
    Set<String> names = new TreeSet<>();
    var alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (alternative.get(0) instanceof Integer type
            && alternative.get(1) instanceof String value
            && (type == DNS || type == ADDRESS)) {
          names.add(type == DNS ? value : address(value));
        }
      }
    }
    return names;
  }

  static Set<String> of(Names wanted) {
    Set<String> names = new TreeSet<>(wanted.dns());
    wanted.addresses().forEach(address -> names.add(address(address)));
    return names;
  }

  private static String address(String text) {
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException noAddress) {
      return text;
    }
  }
}
