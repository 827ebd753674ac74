package io.bulwark.cluster.platform.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Each alias is one state of an identity, so that a handshake never mixes two of them. */
final class LiveKeys extends X509ExtendedKeyManager {
  private final Identity identity;
  private final Map<String, Identity.Held> states = new ConcurrentHashMap<>();

  LiveKeys(Identity identity) {
    this.identity = identity;
  }

  private @Nullable String alias(String... keyTypes) {
    Identity.Held now = identity.held();
    for (String type : keyTypes) {
      // TLS 1.2 suites ask for EC_EC or EC_RSA, TLS 1.3 for EC or RSA.
      if (type.equals(now.key().getAlgorithm())
          || type.startsWith(now.key().getAlgorithm() + "_")) {
        String alias = now.chain().getFirst().getSerialNumber().toString(16);
        if (states.put(alias, now) == null && states.size() > 2) {
          states.keySet().removeIf(old -> states.size() > 2 && !old.equals(alias));
        }
        return alias;
      }
    }
    return null;
  }

  private Identity.@Nullable Held state(@Nullable String alias) {
    return alias == null ? null : states.getOrDefault(alias, identity.held());
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyTypes);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Identity.Held state = state(alias);
    return state == null ? null : state.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Identity.Held state = state(alias);
    return state == null ? null : state.key();
  }
}
