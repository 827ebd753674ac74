package io.bulwark.cluster;

import io.bulwark.cluster.apiserver.ApiServer;
import io.bulwark.cluster.apiserver.ApiServerSettings;
import io.bulwark.cluster.apiserver.Security;
import io.bulwark.cluster.apiserver.Tokens;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.audit.AuditLog;
import io.bulwark.cluster.apiserver.authn.Authentication;
import io.bulwark.cluster.apiserver.authn.BearerTokens;
import io.bulwark.cluster.apiserver.authn.BootstrapTokens;
import io.bulwark.cluster.apiserver.authn.ClientCertificates;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.NodeReferences;
import io.bulwark.cluster.apiserver.authz.StoredRbac;
import io.bulwark.cluster.apiserver.live.StoredObjects;
import io.bulwark.cluster.apiserver.review.TokenReviews;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.stream.NodeDialer;
import io.bulwark.cluster.apiserver.token.OpenIdDocuments;
import io.bulwark.cluster.apiserver.token.TokenKeys;
import io.bulwark.cluster.apiserver.token.TokenRequests;
import io.bulwark.cluster.apiserver.token.TokenVerifier;
import io.bulwark.cluster.platform.tls.Pki;
import io.bulwark.cluster.platform.tls.Trust;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Puts the API server's security together from the keys and the store. */
final class Assembly {
  private Assembly() {}

  static ApiServer apiServer(
      Store store,
      Pki pki,
      ClusterConfiguration configuration,
      ApiServerSettings settings,
      Parts parts)
      throws Exception {
    String issuer = "https://kubernetes.default.svc." + configuration.domain();
    StoredObjects objects = new StoredObjects(store);
    Authorization authorization =
        new Authorization(parts.keep(new StoredRbac(store)), parts.keep(new NodeReferences(store)));
    TokenKeys keys = new TokenKeys(pki::tokenKeys);
    BearerTokens tokens =
        new BearerTokens(
            new TokenVerifier(keys, issuer, objects, settings.clock()),
            new BootstrapTokens(objects, settings.clock()),
            List.of(issuer));
    Authentication authentication =
        new Authentication(
            new ClientCertificates(pki::authority, settings.clock()), tokens, authorization);
    AuditLog audit = parts.start(new AuditLog(configuration.dataDirectory().resolve("audit")));
    return new ApiServer(
        store,
        new Security(
            authentication::authenticate,
            authorization,
            Admission.standard(objects, authorization, settings.clock()),
            new Tokens(
                new TokenReviews(tokens),
                new TokenRequests(keys, issuer, objects, settings.clock()),
                new OpenIdDocuments(issuer, keys)),
            audit::record),
        new NodeDialer(() -> nodeTrust(pki)),
        settings);
  }

  /** Trusts what the cluster signed, and shows the API server's own client certificate. */
  static SSLContext nodeTrust(Pki pki) {
    try {
      return Trust.context(
          pki.kubeletClient().keyManager(), Trust.in(List.of(pki.authority().certificate())));
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("the cluster's own certificates are unusable", broken);
    }
  }
}
