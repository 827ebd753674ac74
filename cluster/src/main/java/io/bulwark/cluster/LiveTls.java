package io.bulwark.cluster;

import io.bulwark.cluster.platform.http.ServerTls;
import io.bulwark.cluster.platform.tls.Identity;
import io.bulwark.cluster.platform.tls.Pem;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a server, made again when its certificate or the authority's was renewed. The
 * chain ends with the authority, so that a machine that joins can compare it with the hash it was
 * given. Thread-safe.
 */
final class LiveTls implements Supplier<SslContext> {
  private final Identity identity;
  private final Supplier<X509Certificate> authority;
  private @Nullable List<X509Certificate> shown;
  private @Nullable SslContext context;

  LiveTls(Identity identity, Supplier<X509Certificate> authority) {
    this.identity = identity;
    this.authority = authority;
  }

  @Override
  public synchronized SslContext get() {
    List<X509Certificate> chain = List.of(identity.certificate(), authority.get());
    SslContext known = context;
    if (known == null || !chain.equals(shown)) {
      try {
        known = ServerTls.of(Pem.privateKey(identity.keyPem()), chain);
      } catch (GeneralSecurityException damaged) {
        throw new IllegalStateException(damaged);
      }
      context = known;
      shown = chain;
    }
    return known;
  }
}
