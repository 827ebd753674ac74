package io.bulwark.cluster.controller.serviceaccount;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Query;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.platform.Component;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills Secrets of the type {@code kubernetes.io/service-account-token} with a token that never
 * expires, the CA certificate and the namespace, and deletes those whose account is gone.
 *
 * <p>Source: kubernetes pkg/controller/serviceaccount/tokens_controller.go
 */
public final class TokenSecrets implements Component {
  /** The user that this controller acts as: upstream's has no service account either. */
  public static final String USER = "system:kube-controller-manager";

  private static final Duration LOOK = Duration.ofHours(1); // at a certificate that was renewed
  private static final String TYPE = "kubernetes.io/service-account-token";
  private static final String ACCOUNT = "kubernetes.io/service-account.name";
  private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";
  private static final String CLAIM = "kubernetes.io/serviceaccount/";
  private static final String BY_ACCOUNT = "token-secrets-by-account";

  private sealed interface Work {
    record Fill(String namespace, String secret) implements Work {}

    record Unmention(String namespace, String secret, String account) implements Work {}
  }

  private final ControllerContext context;
  private final Supplier<String> certificate;
  private final Function<Tree, String> signer;
  private final Informer accounts;
  private final Informer secrets;
  private final ControllerLoop<Work> loop;

  /**
   * @param certificate gives the present CA certificates as PEM; asked again at least hourly
   * @param signer makes a signed token of its claims
   */
  public TokenSecrets(
      ControllerContext context, Supplier<String> certificate, Function<Tree, String> signer) {
    this.context = context;
    this.certificate = certificate;
    this.signer = signer;
    this.accounts = context.informers().of(Resources.SERVICE_ACCOUNTS);
    this.secrets = context.informers().of(Resources.SECRETS, Query.fields("type=" + TYPE));
    this.loop = new ControllerLoop<>("serviceaccount-token-controller", 2, this::reconcile);
  }

  @Override
  public void start() {
    secrets.addIndex(BY_ACCOUNT, secret -> List.of(Meta.namespace(secret) + "/" + account(secret)));
    secrets.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(new Work.Fill(Meta.namespace(after), Meta.name(after)));
          } else if (before != null) {
            loop.add(
                new Work.Unmention(Meta.namespace(before), Meta.name(before), account(before)));
          }
        });
    accounts.onChange(
        (before, after) -> {
          Tree account = after == null ? before : after;
          if (account != null) {
            String key = Meta.namespace(account) + "/" + Meta.name(account);
            for (Tree secret : secrets.byIndex(BY_ACCOUNT, key)) {
              loop.add(new Work.Fill(Meta.namespace(secret), Meta.name(secret)));
            }
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(Work work) {
    if (!accounts.synced() || !secrets.synced()) {
      return Duration.ofMillis(5);
    }
    try {
      switch (work) {
        case Work.Fill fill -> {
          return fill(fill.namespace(), fill.secret()) ? LOOK : null;
        }
        case Work.Unmention gone -> unmention(gone);
      }
    } catch (ApiException refused) {
      if (!refused.notFound() && !Refusals.namespaceTerminating(refused)) {
        throw refused;
      }
    }
    return null;
  }

  /** Whether the Secret stays, so that it is to be looked at again. */
  private boolean fill(String namespace, String name) {
    Tree cached = secrets.get(namespace, name);
    if (cached == null || account(cached).isEmpty()) {
      return false;
    }
    Tree account = accountOf(cached);
    if (account == null) {
      context
          .client()
          .delete(
              Resources.SECRETS,
              namespace,
              name,
              Tree.of(
                  "apiVersion", "v1",
                  "kind", "DeleteOptions",
                  "preconditions", Tree.of("uid", Meta.uid(cached))));
      return false;
    }
    Tree live = context.client().get(Resources.SECRETS, namespace, name);
    if (!Meta.uid(live).equals(Meta.uid(cached)) || Meta.terminating(live)) {
      return false;
    }
    Tree filled = filled(live, account);
    if (!filled.equals(live)) {
      context.client().update(Resources.SECRETS, filled);
    }
    return true;
  }

  /** The account that a Secret is of, as the server has it where the cache has not; or null. */
  private @Nullable Tree accountOf(Tree secret) {
    String namespace = Meta.namespace(secret);
    Tree cached = accounts.get(namespace, account(secret));
    if (cached != null && isOf(secret, cached)) {
      return cached;
    }
    Tree live = context.client().find(Resources.SERVICE_ACCOUNTS, namespace, account(secret));
    return live != null && isOf(secret, live) ? live : null;
  }

  private static boolean isOf(Tree secret, Tree account) {
    String uid = Meta.annotation(secret, ACCOUNT_UID);
    return uid == null || uid.isEmpty() || uid.equals(Meta.uid(account));
  }

  private Tree filled(Tree secret, Tree account) {
    Tree filled = secret.copy();
    put(filled, "ca.crt", certificate.get());
    put(filled, "namespace", Meta.namespace(secret));
    if (secret.textOrEmpty("data", "token").isEmpty()) {
      put(filled, "token", signer.apply(claims(secret, account)));
    }
    filled.set(Meta.name(account), "metadata", "annotations", ACCOUNT);
    filled.set(Meta.uid(account), "metadata", "annotations", ACCOUNT_UID);
    return filled;
  }

  private static void put(Tree secret, String key, String text) {
    String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    secret.set(encoded, "data", key);
  }

  private static Tree claims(Tree secret, Tree account) {
    String namespace = Meta.namespace(account);
    String name = Meta.name(account);
    return Tree.of(
        "iss",
        "kubernetes/serviceaccount",
        "sub",
        "system:serviceaccount:" + namespace + ":" + name,
        CLAIM + "namespace",
        namespace,
        CLAIM + "secret.name",
        Meta.name(secret),
        CLAIM + "service-account.name",
        name,
        CLAIM + "service-account.uid",
        Meta.uid(account));
  }

  /** A Secret that is gone is no longer listed by its account. */
  private void unmention(Work.Unmention gone) {
    Tree account =
        context.client().find(Resources.SERVICE_ACCOUNTS, gone.namespace(), gone.account());
    if (account == null
        || context.client().find(Resources.SECRETS, gone.namespace(), gone.secret()) != null) {
      return;
    }
    TreeList kept = new TreeList();
    for (Tree reference : account.trees("secrets")) {
      if (!reference.textOrEmpty("name").equals(gone.secret())) {
        kept.add(reference);
      }
    }
    if (kept.size() < account.trees("secrets").size()) {
      Tree changed = account.copy();
      changed.put("secrets", kept);
      context.client().update(Resources.SERVICE_ACCOUNTS, changed);
    }
  }

  private static String account(Tree secret) {
    String name = Meta.annotation(secret, ACCOUNT);
    return name == null ? "" : name;
  }
}
