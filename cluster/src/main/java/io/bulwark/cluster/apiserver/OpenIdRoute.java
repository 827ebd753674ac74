package io.bulwark.cluster.apiserver;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.token.OpenIdDocuments;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents by which others verify service account tokens. */
record OpenIdRoute(OpenIdDocuments documents) implements Route {
  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    return switch (info.path()) {
      case OpenIdDocuments.CONFIGURATION_PATH ->
          document("application/json", documents.configuration());
      case OpenIdDocuments.KEYS_PATH -> document("application/jwk-set+json", documents.keySet());
      default -> null;
    };
  }

  private static Outgoing document(String type, Tree document) {
    return new Outgoing.Complete(
        200,
        Map.of("content-type", type, "cache-control", "public, max-age=3600"),
        List.of(Outgoing.Slice.of(Json.write(document))));
  }
}
