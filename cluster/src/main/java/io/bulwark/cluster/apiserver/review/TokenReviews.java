package io.bulwark.cluster.apiserver.review;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.authn.BearerTokens;
import io.bulwark.cluster.apiserver.authn.Subject;

/** Says whom a token stands for. Thread-safe. */
public final class TokenReviews {
  private final BearerTokens tokens;

  public TokenReviews(BearerTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * @param review a decoded TokenReview; not changed
   * @return the TokenReview with its status
   */
  public Tree answer(Tree review) {
    String token = review.textOrEmpty("spec", "token");
    if (token.isEmpty()) {
      throw new Failure.BadRequest("token is required for TokenReview in authentication")
          .rejected();
    }
    BearerTokens.Recognized found = tokens.recognize(token, review.texts("spec", "audiences"));
    Tree status =
        found == null
            ? Tree.of("error", "[invalid bearer token]", "user", new Tree())
            : Tree.of(
                "audiences",
                new TreeList(found.audiences()),
                "authenticated",
                true,
                "user",
                user(found.subject()));
    Tree answer = review.copy();
    answer.put("status", status);
    return answer;
  }

  /** A {@code UserInfo}. */
  static Tree user(Subject subject) {
    Tree user = Tree.of("groups", new TreeList(subject.groups()), "username", subject.name());
    if (!subject.uid().isEmpty()) {
      user.put("uid", subject.uid());
    }
    subject.extra().forEach((key, values) -> user.set(new TreeList(values), "extra", key));
    return user;
  }
}
