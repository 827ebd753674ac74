package io.bulwark.cluster.apiserver.token;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;

/**
 * What lets others check service-account tokens.
 *
 * <p>Source: OpenID Connect Discovery 1.0, as upstream serves it.
 */
public record OpenIdDocuments(String issuer, TokenKeys keys) {
  /** Where {@link #configuration()} is served. */
  public static final String CONFIGURATION_PATH = "/.well-known/openid-configuration";

  /** Where {@link #keySet()} is served, as {@code application/jwk-set+json}. */
  public static final String KEYS_PATH = "/openid/v1/jwks";

  public Tree configuration() {
    return Tree.of(
        "id_token_signing_alg_values_supported", TreeList.of("RS256"),
        "issuer", issuer,
        "jwks_uri", issuer + KEYS_PATH,
        "response_types_supported", TreeList.of("id_token"),
        "subject_types_supported", TreeList.of("public"));
  }

  public Tree keySet() {
    return keys.keySet();
  }
}
