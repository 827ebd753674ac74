package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS #10 certificate request whose signature was checked.
 *
 * @param commonName empty where the subject has none
 * @param organizations in the order of the subject
 */
public record SigningRequest(
    X500Principal subject,
    String commonName,
    List<String> organizations,
    PublicKey key,
    Names names) {
  private static final String TYPE = "CERTIFICATE REQUEST";

  /** A request as PEM text, signed by the keys that it is for. */
  public static String create(
      KeyPair keys, String commonName, List<String> organizations, Names names) {
    try {
      var builder =
          new JcaPKCS10CertificationRequestBuilder(
              Certification.subject(commonName, organizations), keys.getPublic());
      if (!names.isEmpty()) {
        Extensions extensions =
            new Extensions(
                new Extension(
                    Extension.subjectAlternativeName, false, Authority.names(names).getEncoded()));
        builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions);
      }
      String algorithm =
          keys.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return Pem.encode(
          TYPE,
          builder
              .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
              .getEncoded());
    } catch (IOException | OperatorCreationException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /**
   * @throws GeneralSecurityException if the text is no request or its signature is wrong
   */
  public static SigningRequest parse(String pem) throws GeneralSecurityException {
    List<byte[]> blocks = Pem.decode(pem, TYPE);
    if (blocks.isEmpty()) {
      throw new GeneralSecurityException("PEM block type must be CERTIFICATE REQUEST");
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(blocks.getFirst());
      PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new GeneralSecurityException("the signature of the request is wrong");
      }
      X500Principal subject = new X500Principal(request.getSubject().getEncoded());
      DistinguishedName name = DistinguishedName.of(subject);
      return new SigningRequest(
          subject, name.commonName(), name.organizations(), key, names(request));
    } catch (IOException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException broken) {
      throw new GeneralSecurityException("the request cannot be read", broken);
    }
  }

  private static Names names(PKCS10CertificationRequest request) throws IOException {
    Extensions extensions = request.getRequestedExtensions();
    GeneralNames found =
        extensions == null
            ? null
            : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
    List<String> dns = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    List<String> emails = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    if (found != null) {
      for (GeneralName name : found.getNames()) {
        switch (name.getTagNo()) {
          case GeneralName.dNSName -> dns.add(name.getName().toString());
          case GeneralName.rfc822Name -> emails.add(name.getName().toString());
          case GeneralName.uniformResourceIdentifier -> uris.add(name.getName().toString());
          case GeneralName.iPAddress ->
              addresses.add(
                  InetAddress.getByAddress(ASN1OctetString.getInstance(name.getName()).getOctets())
                      .getHostAddress());
          default -> throw new IOException("an alternative name is of an unsupported type");
        }
      }
    }
    return new Names(dns, addresses, emails, uris);
  }
}
