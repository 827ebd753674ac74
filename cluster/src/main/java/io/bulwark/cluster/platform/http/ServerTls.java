package io.bulwark.cluster.platform.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.Socket;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The TLS side of a server: TLS 1.3 and 1.2, HTTP/2 and HTTP/1.1, and client certificates asked for
 * but not required. A client must prove that it has the key of the certificate it shows; whether
 * the certificate is trusted is for authentication to say.
 */
public final class ServerTls {
  private static final X509Certificate[] NONE = {};

  private ServerTls() {}

  /**
   * @param chain leaf first
   * @throws IllegalArgumentException if key and certificates do not go together
   */
  public static SslContext of(PrivateKey key, List<X509Certificate> chain) {
    return of(key, chain, provider());
  }

  static SslContext of(PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
    return build(SslContextBuilder.forServer(key, chain.toArray(NONE)), provider);
  }

  /** Shows what the key manager has at the time of each handshake. */
  public static SslContext of(KeyManager keys) {
    return build(SslContextBuilder.forServer(keys), provider());
  }

  /**
   * BoringSSL where its library loads, else the virtual machine's own TLS, which needs several
   * times the processor time for a handshake and for a record.
   */
  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  private static SslContext build(SslContextBuilder builder, SslProvider provider) {
    List<String> ciphers = new ArrayList<>(Http2SecurityUtil.CIPHERS);
    try {
      return builder
          .sslProvider(provider)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE)
          .clientAuth(ClientAuth.OPTIONAL)
          .trustManager(new Possession())
          .sessionCacheSize(1000)
          .sessionTimeout(3600)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException unusable) {
      throw new IllegalArgumentException(unusable.getMessage(), unusable);
    }
  }

  /** Accepts every client certificate; the handshake itself checks possession of its key. */
  private static final class Possession extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return NONE;
    }
  }
}
