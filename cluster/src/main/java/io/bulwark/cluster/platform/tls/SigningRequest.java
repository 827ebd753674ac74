package io.bulwark.cluster.platform.tls;

import io.bulwark.cluster.platform.tls.Certification.Names;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

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
  private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
  private static final int ATTRIBUTES = 0xa0;

  /** A request as PEM text, signed by the keys that it is for. */
  public static String create(
      KeyPair keys, String commonName, List<String> organizations, Names names) {
    byte[] attributes = new byte[0];
    if (!names.isEmpty()) {
      byte[] extensions =
          Der.sequence(
              CertificateEncoding.extension(
                  CertificateEncoding.ALTERNATIVE_NAMES, false, CertificateEncoding.names(names)));
      attributes = Der.sequence(Der.identifier(EXTENSION_REQUEST), Der.of(Der.SET, extensions));
    }
    byte[] content =
        Der.sequence(
            Der.integer(BigInteger.ZERO),
            Certification.subject(commonName, organizations).getEncoded(),
            keys.getPublic().getEncoded(),
            Der.of(ATTRIBUTES, attributes));
    try {
      return Pem.encode(TYPE, CertificateEncoding.signed(content, keys.getPrivate()));
    } catch (GeneralSecurityException broken) {
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
      List<DerValue> request = DerValue.only(blocks.getFirst()).parts(Der.SEQUENCE, 3);
      List<DerValue> content = request.getFirst().parts(Der.SEQUENCE, 3);
      PublicKey key = SignedContent.key(content.get(2));
      if (!SignedContent.verify(request, key)) {
        throw new GeneralSecurityException("the signature of the request is wrong");
      }
      X500Principal subject = new X500Principal(content.get(1).encoded());
      DistinguishedName name = DistinguishedName.of(subject);
      return new SigningRequest(
          subject, name.commonName(), name.organizations(), key, names(content));
    } catch (IOException | IllegalArgumentException broken) {
      throw new GeneralSecurityException("the request cannot be read", broken);
    }
  }

  private static Names names(List<DerValue> content) throws IOException, GeneralSecurityException {
    List<String> dns = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    List<String> emails = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    for (DerValue name : alternativeNames(content)) {
      switch (name.tag()) {
        case CertificateEncoding.DNS -> dns.add(text(name));
        case CertificateEncoding.EMAIL -> emails.add(text(name));
        case CertificateEncoding.URI -> uris.add(text(name));
        case CertificateEncoding.ADDRESS ->
            addresses.add(InetAddress.getByAddress(name.content()).getHostAddress());
        default -> throw new IOException("an alternative name is of an unsupported type");
      }
    }
    return new Names(dns, addresses, emails, uris);
  }

  private static String text(DerValue name) throws IOException {
    return StandardCharsets.US_ASCII
        .newDecoder()
        .decode(ByteBuffer.wrap(name.content()))
        .toString();
  }

  private static List<DerValue> alternativeNames(List<DerValue> content)
      throws GeneralSecurityException {
    if (content.size() < 4) {
      return List.of();
    }
    for (DerValue attribute : content.get(3).parts(ATTRIBUTES, 0)) {
      List<DerValue> named = attribute.parts(Der.SEQUENCE, 2);
      if (!named.getFirst().is(EXTENSION_REQUEST)) {
        continue;
      }
      for (DerValue extension : named.get(1).parts(Der.SET, 1).getFirst().parts(Der.SEQUENCE, 0)) {
        List<DerValue> fields = extension.parts(Der.SEQUENCE, 2);
        if (fields.getFirst().is(CertificateEncoding.ALTERNATIVE_NAMES)) {
          return DerValue.only(fields.getLast().content()).parts(Der.SEQUENCE, 0);
        }
      }
    }
    return List.of();
  }
}
