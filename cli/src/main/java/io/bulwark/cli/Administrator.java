package io.bulwark.cli;

import io.bulwark.client.ApiClient;
import io.bulwark.client.HttpsTransport;
import io.bulwark.client.Kubeconfig;
import io.bulwark.cluster.ClusterConfiguration;
import io.bulwark.cluster.platform.tls.Authority;
import io.bulwark.cluster.platform.tls.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A client with the rights of the administrator of a data directory's cluster. */
final class Administrator implements AutoCloseable {
  private final URI server;
  private final String authorityHash;
  private final HttpsTransport transport;

  private Administrator(URI server, String authorityHash, HttpsTransport transport) {
    this.server = server;
    this.authorityHash = authorityHash;
    this.transport = transport;
  }

  static Administrator of(Path dataDirectory) throws IOException, GeneralSecurityException {
    Path file = ClusterConfiguration.administratorKubeconfig(dataDirectory);
    if (!Files.exists(file)) {
      throw new Refusal("no kubeconfig at " + file + "; start the cluster with: bulwark up");
    }
    Kubeconfig kubeconfig = Kubeconfig.load(file);
    String authority = Files.readString(dataDirectory.resolve("pki/ca.crt"));
    return new Administrator(
        kubeconfig.server(),
        Authority.hash(Pem.certificates(authority).getFirst()),
        kubeconfig.connect());
  }

  ApiClient client() {
    return new ApiClient(transport);
  }

  /** Host and port, as {@code join} takes them. */
  String server() {
    return server.getHost() + ":" + server.getPort();
  }

  String authorityHash() {
    return authorityHash;
  }

  @Override
  public void close() {
    transport.close();
  }
}
