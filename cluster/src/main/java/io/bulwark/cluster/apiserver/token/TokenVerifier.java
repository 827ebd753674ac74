package io.bulwark.cluster.apiserver.token;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks service-account tokens: signature, issuer, time, audience, and that the account and what
 * the token is bound to still exist. Only the signature's outcome is cached. Thread-safe.
 */
public final class TokenVerifier {
  private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";
  private static final String LEGACY = "kubernetes.io/serviceaccount/";
  private static final String EXTRA = "authentication.kubernetes.io/";
  private static final int CACHED = 4096;
  private static final Duration DELETION_LEEWAY = Duration.ofSeconds(60);

  private final TokenKeys keys;
  private final String issuer;
  private final LiveObjects objects;
  private final InstantSource clock;
  private final Map<String, Tree> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tree> eldest) {
          return size() > CACHED;
        }
      };

  public TokenVerifier(TokenKeys keys, String issuer, LiveObjects objects, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * @param audiences of which the token must have at least one
   * @return null where the token is no valid service-account token
   */
  public @Nullable TokenOwner verify(String token, List<String> audiences) {
    Tree claims = claims(token);
    if (claims == null) {
      return null;
    }
    String from = claims.textOrEmpty("iss");
    if (from.equals(LEGACY_ISSUER)) {
      return legacy(token, claims, audiences);
    }
    return from.equals(issuer) ? bound(claims, audiences) : null;
  }

  private @Nullable Tree claims(String token) {
    synchronized (known) {
      Tree cached = known.get(token);
      if (cached != null) {
        return cached;
      }
    }
    Tree claims = keys.claims(token);
    if (claims != null) {
      synchronized (known) {
        known.put(token, claims.freeze());
      }
    }
    return claims;
  }

  private @Nullable TokenOwner bound(Tree claims, List<String> audiences) {
    long now = clock.instant().getEpochSecond();
    List<String> shared = claims.texts("aud").stream().filter(audiences::contains).toList();
    if (now >= claims.number(0, "exp") || now < claims.number(0, "nbf") || shared.isEmpty()) {
      return null;
    }
    Tree facts = claims.treeOrEmpty("kubernetes.io");
    String namespace = facts.textOrEmpty("namespace");
    Tree pod = facts.tree("pod");
    Tree node = facts.tree("node");
    boolean valid =
        exists(Resources.SERVICE_ACCOUNTS, namespace, facts.tree("serviceaccount"))
            && (pod == null || exists(Resources.PODS, namespace, pod))
            && (!facts.has("secret") || exists(Resources.SECRETS, namespace, facts.tree("secret")))
            && (node == null || pod != null || exists(Resources.NODES, "", node));
    if (!valid) {
      return null;
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    if (claims.has("jti")) {
      extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.textOrEmpty("jti")));
    }
    describe(extra, "pod", pod);
    describe(extra, "node", node);
    return new TokenOwner(
        namespace,
        facts.textOrEmpty("serviceaccount", "name"),
        facts.textOrEmpty("serviceaccount", "uid"),
        extra,
        shared);
  }

  private @Nullable TokenOwner legacy(String token, Tree claims, List<String> audiences) {
    String namespace = claims.textOrEmpty(LEGACY + "namespace");
    String name = claims.textOrEmpty(LEGACY + "service-account.name");
    String uid = claims.textOrEmpty(LEGACY + "service-account.uid");
    Tree secret =
        objects.find(Resources.SECRETS, namespace, claims.textOrEmpty(LEGACY + "secret.name"));
    boolean current =
        secret != null
            && !Meta.terminating(secret)
            && secret.textOrEmpty("type").equals("kubernetes.io/service-account-token")
            && MessageDigest.isEqual(decoded(secret), token.getBytes(StandardCharsets.UTF_8));
    boolean valid =
        current && exists(Resources.SERVICE_ACCOUNTS, namespace, Tree.of("name", name, "uid", uid));
    return valid ? new TokenOwner(namespace, name, uid, Map.of(), audiences) : null;
  }

  private static byte[] decoded(Tree secret) {
    try {
      return Base64.getDecoder().decode(secret.textOrEmpty("data", "token"));
    } catch (IllegalArgumentException noBase64) {
      return new byte[0];
    }
  }

  private boolean exists(Resource resource, String namespace, @Nullable Tree reference) {
    if (reference == null) {
      return false;
    }
    Tree found = objects.find(resource, namespace, reference.textOrEmpty("name"));
    return found != null
        && Meta.uid(found).equals(reference.textOrEmpty("uid"))
        && !longDeleted(found);
  }

  /** A pod may still use its token while it ends. */
  private boolean longDeleted(Tree object) {
    String deleted = object.text("metadata", "deletionTimestamp");
    return deleted != null
        && Instant.parse(deleted).plus(DELETION_LEEWAY).isBefore(clock.instant());
  }

  private static void describe(
      Map<String, List<String>> extra, String what, @Nullable Tree reference) {
    if (reference != null) {
      extra.put(EXTRA + what + "-name", List.of(reference.textOrEmpty("name")));
      if (reference.has("uid")) {
        extra.put(EXTRA + what + "-uid", List.of(reference.textOrEmpty("uid")));
      }
    }
  }
}
