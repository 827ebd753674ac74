package io.bulwark.cluster.apiserver.authn;

import io.bulwark.cluster.apiserver.token.TokenOwner;
import io.bulwark.cluster.apiserver.token.TokenVerifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All kinds of token that the server accepts. Thread-safe. */
public final class BearerTokens {
  private final TokenVerifier serviceAccounts;
  private final BootstrapTokens bootstrap;
  private final List<String> audiences;

  /**
   * @param audiences for which tokens must be valid to be used on this server
   */
  public BearerTokens(
      TokenVerifier serviceAccounts, BootstrapTokens bootstrap, List<String> audiences) {
    this.serviceAccounts = serviceAccounts;
    this.bootstrap = bootstrap;
    this.audiences = List.copyOf(audiences);
  }

  /**
   * A recognized token.
   *
   * @param audiences those asked for that the token has
   */
  public record Recognized(Subject subject, List<String> audiences) {}

  /**
   * @param wanted audiences of which the token must have one; empty for those of this server
   * @return null where the token is none that counts
   */
  public @Nullable Recognized recognize(String token, List<String> wanted) {
    List<String> asked = wanted.isEmpty() ? audiences : wanted;
    List<String> own = audiences.stream().filter(asked::contains).toList();
    Subject joining = own.isEmpty() ? null : bootstrap.subject(token);
    if (joining != null) {
      return new Recognized(joining, own);
    }
    TokenOwner owner = serviceAccounts.verify(token, asked);
    return owner == null ? null : new Recognized(subject(owner), owner.audiences());
  }

  private static Subject subject(TokenOwner owner) {
    return new Subject(
        ServiceAccounts.user(owner.namespace(), owner.name()),
        owner.uid(),
        ServiceAccounts.groups(owner.namespace()),
        owner.extra());
  }
}
