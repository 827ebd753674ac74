package io.bulwark.cluster.apiserver.review;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.Decision;
import io.bulwark.cluster.apiserver.authz.Rule;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says who may do what. Each method takes a decoded review, which it does not change, and returns
 * it with its status. Thread-safe.
 */
public final class AccessReviews {
  private static final String GROUP = "authorization.k8s.io";

  private final Authorization authorization;
  private final InstantSource clock;

  public AccessReviews(Authorization authorization, InstantSource clock) {
    this.authorization = authorization;
    this.clock = clock;
  }

  /** SubjectAccessReview. */
  public Tree subject(Tree review) {
    List<FieldError> errors = scopeErrors(review);
    errors.addAll(whoErrors(review));
    refuse("SubjectAccessReview", errors);
    return decided(review, named(review));
  }

  /** LocalSubjectAccessReview, posted to a namespace. */
  public Tree local(Tree review, String namespace) {
    List<FieldError> errors = scopeErrors(review);
    errors.addAll(whoErrors(review));
    if (!review.textOrEmpty("spec", "resourceAttributes", "namespace").equals(namespace)) {
      errors.add(
          FieldError.invalid(
              "spec.resourceAttributes.namespace",
              review.textOrEmpty("spec", "resourceAttributes", "namespace"),
              "must match metadata.namespace"));
    }
    if (review.has("spec", "nonResourceAttributes")) {
      errors.add(
          FieldError.invalid(
              "spec.nonResourceAttributes",
              review.at("spec", "nonResourceAttributes"),
              "disallowed on this kind of request"));
    }
    refuse("LocalSubjectAccessReview", errors);
    return decided(review, named(review));
  }

  /** SelfSubjectAccessReview. */
  public Tree self(Tree review, Subject sender) {
    refuse("SelfSubjectAccessReview", scopeErrors(review));
    return decided(review, sender);
  }

  /** SelfSubjectRulesReview. */
  public Tree rules(Tree review, Subject sender) {
    String namespace = review.textOrEmpty("spec", "namespace");
    if (namespace.isEmpty()) {
      throw new Failure.BadRequest("no namespace on request").rejected();
    }
    TreeList resources = new TreeList();
    TreeList paths = new TreeList();
    for (Rule rule : authorization.rules(sender, namespace)) {
      if (!rule.resources().isEmpty()) {
        resources.add(rule.tree());
      }
      if (!rule.paths().isEmpty()) {
        paths.add(rule.tree());
      }
    }
    Tree answer = review.copy();
    answer.put(
        "status",
        Tree.of("incomplete", false, "nonResourceRules", paths, "resourceRules", resources));
    return answer;
  }

  /** SelfSubjectReview. */
  public Tree whoAmI(Tree review, Subject sender) {
    Tree answer = review.copy();
    answer
        .child("metadata")
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    answer.put("status", Tree.of("userInfo", TokenReviews.user(sender)));
    return answer;
  }

  private Tree decided(Tree review, Subject subject) {
    Tree resource = review.tree("spec", "resourceAttributes");
    Decision decision =
        authorization.decide(attributes(subject, review, resource), selector(resource));
    Tree status = Tree.of("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
    Tree answer = review.copy();
    answer.put("status", status);
    return answer;
  }

  private static Attributes attributes(Subject subject, Tree review, @Nullable Tree resource) {
    if (resource == null) {
      Tree path = review.treeOrEmpty("spec", "nonResourceAttributes");
      return new Attributes(
          subject,
          path.textOrEmpty("verb"),
          "",
          "",
          "",
          "",
          "",
          "",
          path.textOrEmpty("path"),
          false);
    }
    return new Attributes(
        subject,
        resource.textOrEmpty("verb"),
        resource.textOrEmpty("group"),
        resource.textOrEmpty("version"),
        resource.textOrEmpty("resource"),
        resource.textOrEmpty("subresource"),
        resource.textOrEmpty("namespace"),
        resource.textOrEmpty("name"),
        "",
        true);
  }

  /** The equality requirements of a question about a narrowed list, as a selector's text. */
  private static String selector(@Nullable Tree resource) {
    if (resource == null) {
      return "";
    }
    StringBuilder text = new StringBuilder(resource.textOrEmpty("fieldSelector", "rawSelector"));
    for (Tree term : resource.trees("fieldSelector", "requirements")) {
      List<String> values = term.texts("values");
      if (term.textOrEmpty("operator").equals("In") && values.size() == 1) {
        text.append(text.isEmpty() ? "" : ",")
            .append(term.textOrEmpty("key"))
            .append('=')
            .append(values.getFirst());
      }
    }
    return text.toString();
  }

  private static Subject named(Tree review) {
    Map<String, List<String>> extra = new HashMap<>();
    Tree given = review.treeOrEmpty("spec", "extra");
    for (String key : given.keySet()) {
      extra.put(key, given.texts(key));
    }
    return new Subject(
        review.textOrEmpty("spec", "user"),
        review.textOrEmpty("spec", "uid"),
        review.texts("spec", "groups"),
        extra);
  }

  private static List<FieldError> scopeErrors(Tree review) {
    List<FieldError> errors = new ArrayList<>();
    boolean resource = review.tree("spec", "resourceAttributes") != null;
    boolean path = review.tree("spec", "nonResourceAttributes") != null;
    if (resource && path) {
      errors.add(
          FieldError.invalid(
              "spec.nonResourceAttributes",
              review.at("spec", "nonResourceAttributes"),
              "cannot be specified in combination with resourceAttributes"));
    }
    if (!resource && !path) {
      errors.add(
          FieldError.invalid(
              "spec.resourceAttributes",
              null,
              "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
    }
    return errors;
  }

  private static List<FieldError> whoErrors(Tree review) {
    boolean somebody =
        !review.textOrEmpty("spec", "user").isEmpty() || !review.texts("spec", "groups").isEmpty();
    return somebody
        ? List.of()
        : List.of(
            FieldError.invalid("spec.user", "", "at least one of user or group must be specified"));
  }

  private static void refuse(String kind, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(new GroupKind(GROUP, kind), "", errors).rejected();
    }
  }
}
