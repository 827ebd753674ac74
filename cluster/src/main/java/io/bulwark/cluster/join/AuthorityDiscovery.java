package io.bulwark.cluster.join;

import io.bulwark.cluster.platform.tls.Authority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Learns a cluster's certificate authority from the chain that its API server shows. Nothing secret
 * is sent on that connection.
 */
final class AuthorityDiscovery {
  private static final int TIMEOUT_MILLIS = 10_000;

  private AuthorityDiscovery() {}

  /**
   * @param pin {@code sha256:...} of the authority's public key; null to trust what is shown
   * @throws IOException if nobody answers, or the authority is another one than the pinned
   */
  static X509Certificate discover(String host, int port, @Nullable String pin)
      throws IOException, GeneralSecurityException {
    X509Certificate authority = shown(host, port);
    authority.verify(authority.getPublicKey());
    authority.checkValidity();
    String hash = Authority.hash(authority);
    if (pin != null && !pin.equals(hash)) {
      throw new IOException(
          "the authority at %s:%d is %s and not %s; this is another cluster, or somebody in between"
              .formatted(host, port, hash, pin));
    }
    return authority;
  }

  private static X509Certificate shown(String host, int port)
      throws IOException, GeneralSecurityException {
    Recorder recorder = new Recorder();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {recorder}, null);
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
        socket.startHandshake();
      }
    } catch (IOException refused) {
      if (recorder.chain.get() == null) {
        throw new IOException(
            "cannot reach https://%s:%d: %s".formatted(host, port, refused.getMessage()), refused);
      }
    }
    List<X509Certificate> chain = recorder.chain.get();
    if (chain == null) {
      throw new IOException("https://%s:%d showed no certificate".formatted(host, port));
    }
    X509Certificate last = chain.getLast();
    if (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
      throw new IOException(
          "https://%s:%d does not show its certificate authority".formatted(host, port));
    }
    return last;
  }

  /** Remembers the chain and trusts nothing: the handshake ends with an error. */
  private static final class Recorder extends X509ExtendedTrustManager {
    final AtomicReference<@Nullable List<X509Certificate>> chain = new AtomicReference<>();

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type)
        throws CertificateException {
      chain.set(List.of(shown));
      throw new CertificateException("only looked at");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, Socket socket)
        throws CertificateException {
      checkServerTrusted(shown, type);
    }

    @Override
    public void checkServerTrusted(
        X509Certificate[] shown, String type, javax.net.ssl.SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(shown, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(shown, type);
    }

    @Override
    public void checkClientTrusted(
        X509Certificate[] shown, String type, javax.net.ssl.SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(shown, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
