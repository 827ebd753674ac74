package io.bulwark.cluster.apiserver;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.read.Encoding;
import io.bulwark.cluster.apiserver.read.Responses;
import io.bulwark.cluster.apiserver.registry.Stages;
import io.bulwark.cluster.apiserver.registry.WriteOptions;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.review.AccessReviews;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reviews and token requests: objects that are answered, never stored. */
final class ReviewRoute implements Route {
  private static final GroupVersionKind TOKEN_REQUEST =
      new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");

  private final Kinds kinds;
  private final Stages stages;
  private final AccessReviews access;
  private final Tokens tokens;

  ReviewRoute(Kinds kinds, Stages stages, AccessReviews access, Tokens tokens) {
    this.kinds = kinds;
    this.stages = stages;
    this.access = access;
    this.tokens = tokens;
  }

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    Kind kind = kinds.find(info.group(), info.version(), info.resource());
    if (kind == null) {
      return null;
    }
    if (info.resource().equals("serviceaccounts") && info.subresource().equals("token")) {
      return answer(
          request,
          info,
          notes,
          kind,
          TOKEN_REQUEST,
          "io.k8s.api.authentication.v1.TokenRequest",
          body -> tokens.requests().issue(info.namespace(), info.name(), body));
    }
    UnaryOperator<Tree> review = review(request, info, kind);
    return review == null
        ? null
        : answer(
            request, info, notes, kind, kind.resource().groupVersionKind(), kind.schema(), review);
  }

  private @Nullable UnaryOperator<Tree> review(Authorized request, RequestInfo info, Kind kind) {
    return switch (kind.resource().kind()) {
      case "TokenReview" -> tokens.reviews()::answer;
      case "SubjectAccessReview" -> access::subject;
      case "LocalSubjectAccessReview" -> body -> access.local(body, info.namespace());
      case "SelfSubjectAccessReview" -> body -> access.self(body, request.subject());
      case "SelfSubjectRulesReview" -> body -> access.rules(body, request.subject());
      case "SelfSubjectReview" -> body -> access.whoAmI(body, request.subject());
      default -> null;
    };
  }

  private Outgoing answer(
      Authorized request,
      RequestInfo info,
      Notes notes,
      Kind kind,
      GroupVersionKind body,
      String schema,
      UnaryOperator<Tree> review) {
    Incoming incoming = request.incoming();
    Encoding encoding = Encoding.negotiatePlain(incoming);
    WriteOptions options = WriteOptions.of(incoming, "CreateOptions");
    var decoded = stages.bodies().read(incoming, body, schema);
    decoded.warnings().forEach(notes::warn);
    AdmissionRequest admission =
        new AdmissionRequest(
            AdmissionRequest.Operation.CREATE,
            kind,
            info.subresource(),
            info.namespace(),
            info.name(),
            decoded.tree(),
            null,
            request.subject(),
            options.dryRun(),
            options.tree(),
            notes);
    stages.admission().mutate(admission);
    stages.admission().validate(admission);
    return Responses.tree(201, review.apply(decoded.tree()), encoding);
  }
}
