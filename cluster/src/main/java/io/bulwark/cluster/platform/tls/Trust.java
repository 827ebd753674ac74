package io.bulwark.cluster.platform.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom a TLS connection trusts. */
public final class Trust {
  private Trust() {}

  /** Trusts what the authorities signed; checks server names where the connection asks for it. */
  public static X509ExtendedTrustManager in(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (IOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  /**
   * For a server that asks for a client certificate but leaves judging it to authentication: a bad
   * certificate then ends in 401, not in a broken handshake. Never use it for a client.
   */
  public static X509ExtendedTrustManager judgedLater(List<X509Certificate> authorities) {
    return new JudgedLater(authorities.toArray(X509Certificate[]::new));
  }

  /** A context for TLS 1.3 and 1.2. */
  public static SSLContext context(@Nullable KeyManager key, TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(key == null ? null : new KeyManager[] {key}, new TrustManager[] {trust}, null);
    return context;
  }

  private static final class JudgedLater extends X509ExtendedTrustManager {
    private final X509Certificate[] issuers;

    JudgedLater(X509Certificate[] issuers) {
      this.issuers = issuers;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return issuers.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("this trust is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {
      throw new UnsupportedOperationException("this trust is for servers");
    }

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {
      throw new UnsupportedOperationException("this trust is for servers");
    }
  }
}
