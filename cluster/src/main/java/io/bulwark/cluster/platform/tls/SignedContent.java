package io.bulwark.cluster.platform.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;

/** Reads keys and checks signatures as ASN.1 structures name them. */
final class SignedContent {
  private static final String PSS = "1.2.840.113549.1.1.10";

  /** Source: RFC 3279, RFC 5758 and RFC 8410; none that uses SHA-1 or MD5. */
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "1.2.840.113549.1.1.11",
          "SHA256withRSA",
          "1.2.840.113549.1.1.12",
          "SHA384withRSA",
          "1.2.840.113549.1.1.13",
          "SHA512withRSA",
          "1.2.840.10045.4.3.2",
          "SHA256withECDSA",
          "1.2.840.10045.4.3.3",
          "SHA384withECDSA",
          "1.2.840.10045.4.3.4",
          "SHA512withECDSA",
          "1.3.101.112",
          "Ed25519",
          PSS,
          "RSASSA-PSS");

  private static final Map<String, String> KEYS =
      Map.of("1.2.840.113549.1.1.1", "RSA", "1.2.840.10045.2.1", "EC", "1.3.101.112", "Ed25519");

  private SignedContent() {}

  /** The key of a SubjectPublicKeyInfo. */
  static PublicKey key(DerValue info) throws GeneralSecurityException {
    DerValue algorithm = info.parts(Der.SEQUENCE, 2).getFirst();
    return KeyFactory.getInstance(named(KEYS, algorithm))
        .generatePublic(new X509EncodedKeySpec(info.encoded()));
  }

  /**
   * @param signed content, algorithm and signature
   */
  static boolean verify(List<DerValue> signed, PublicKey key)
      throws GeneralSecurityException, IOException {
    List<DerValue> algorithm = signed.get(1).parts(Der.SEQUENCE, 1);
    Signature signature = Signature.getInstance(named(SIGNATURES, signed.get(1)));
    if (algorithm.getFirst().is(PSS) && algorithm.size() > 1) {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(algorithm.get(1).encoded());
      signature.setParameter(parameters.getParameterSpec(PSSParameterSpec.class));
    }
    signature.initVerify(key);
    signature.update(signed.getFirst().encoded());
    return signature.verify(signed.get(2).bits());
  }

  /** The JDK's name of a signature's algorithm. */
  static String algorithm(DerValue algorithm) throws GeneralSecurityException {
    return named(SIGNATURES, algorithm);
  }

  private static String named(Map<String, String> known, DerValue algorithm)
      throws GeneralSecurityException {
    DerValue identifier = algorithm.parts(Der.SEQUENCE, 1).getFirst();
    for (Map.Entry<String, String> each : known.entrySet()) {
      if (identifier.is(each.getKey())) {
        return each.getValue();
      }
    }
    throw new GeneralSecurityException("the algorithm is not supported");
  }
}
