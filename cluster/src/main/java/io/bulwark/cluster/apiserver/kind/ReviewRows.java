package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resource;
import java.util.List;

/** Kinds that are answered and never stored: who someone is, and what someone may do. */
final class ReviewRows {
  private static final String AUTHENTICATION = "authentication.k8s.io";
  private static final String AUTHORIZATION = "authorization.k8s.io";

  private ReviewRows() {}

  static List<Kind> rows() {
    return List.of(
        review(AUTHENTICATION, "selfsubjectreviews", "SelfSubjectReview", false),
        review(AUTHENTICATION, "tokenreviews", "TokenReview", false),
        review(AUTHORIZATION, "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        review(AUTHORIZATION, "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        review(AUTHORIZATION, "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        review(AUTHORIZATION, "subjectaccessreviews", "SubjectAccessReview", false));
  }

  private static Kind review(String group, String resource, String kind, boolean namespaced) {
    return Row.virtual(new Resource(group, "v1", resource, kind, namespaced)).kind();
  }
}
