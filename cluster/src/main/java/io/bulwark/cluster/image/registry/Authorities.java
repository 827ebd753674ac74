package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.platform.tls.Pem;
import io.bulwark.cluster.platform.tls.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom connections trust: the JDK's and the system's CAs; of registries, Docker's and given ones.
 */
public final class Authorities {
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));
  private static final Path DOCKER = Path.of("/etc/docker/certs.d");

  private static volatile @Nullable Usual usual;

  private record Usual(String version, List<X509Certificate> certificates) {}

  private Authorities() {}

  /**
   * The JDK's and the system's.
   *
   * @throws RegistryFailure if they cannot be read
   */
  public static SSLContext system() throws RegistryFailure {
    return trusting(usual());
  }

  /**
   * @param host whose own directory of Docker's certificates is read
   * @throws RegistryFailure if a configured file cannot be read
   */
  static SSLContext context(String host, List<Path> configured) throws RegistryFailure {
    List<X509Certificate> all = new ArrayList<>(usual());
    List<Path> files = new ArrayList<>(configured);
    files.addAll(docker(host));
    for (Path file : files) {
      try {
        all.addAll(Pem.certificates(Files.readString(file)));
      } catch (IOException | GeneralSecurityException unusable) {
        throw new RegistryFailure(
            RegistryFailure.Reason.UNTRUSTED,
            "cannot read certificate authorities from " + file + ": " + unusable.getMessage());
      }
    }
    return trusting(all);
  }

  private static SSLContext trusting(List<X509Certificate> all) {
    try {
      return Trust.context(null, Trust.in(all));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The JDK's and the system's, parsed again only when the system's file was changed. */
  private static List<X509Certificate> usual() throws RegistryFailure {
    try {
      Path bundle = SYSTEM.stream().filter(Files::isReadable).findFirst().orElse(null);
      String version =
          bundle == null
              ? ""
              : bundle + " " + Files.getLastModifiedTime(bundle) + " " + Files.size(bundle);
      Usual known = usual;
      if (known == null || !known.version.equals(version)) {
        List<X509Certificate> all = new ArrayList<>(builtIn());
        if (bundle != null) {
          all.addAll(Pem.certificates(Files.readString(bundle)));
        }
        known = new Usual(version, List.copyOf(all));
        usual = known;
      }
      return known.certificates;
    } catch (IOException | GeneralSecurityException unusable) {
      throw new RegistryFailure(
          RegistryFailure.Reason.UNTRUSTED,
          "cannot read the system's certificate authorities: " + unusable.getMessage());
    }
  }

  private static List<X509Certificate> builtIn() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((@Nullable KeyStore) null);
    return Arrays.asList(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
  }

  private static List<Path> docker(String host) {
    Path directory = DOCKER.resolve(host.replace("/", ""));
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
