package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.Timestamps;
import io.bulwark.cluster.node.volume.VolumeObjects;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The API objects that pods of this node refer to. Answers are kept for two seconds, so that a
 * burst of equal questions costs one request. Thread-safe.
 */
public final class PodObjects implements VolumeObjects {
  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final Duration LONGEST_TOKEN_USE = Duration.ofHours(24);

  private final ApiClient client;
  private final InstantSource clock;
  private final Supplier<Tree> allocatable;
  private final ConcurrentMap<String, Kept> objects = new ConcurrentHashMap<>();
  private final ConcurrentMap<TokenKey, Token> tokens = new ConcurrentHashMap<>();

  private record Kept(Optional<Tree> object, Instant until) {}

  private record TokenKey(String uid, String audience, long lifetime) {}

  private record Token(String text, Instant renewal) {}

  public PodObjects(ApiClient client, InstantSource clock, Supplier<Tree> allocatable) {
    this.client = client;
    this.clock = clock;
    this.allocatable = allocatable;
  }

  @Override
  public @Nullable Tree configMap(String namespace, String name) {
    return find(Resources.CONFIG_MAPS, namespace, name);
  }

  @Override
  public @Nullable Tree secret(String namespace, String name) {
    return find(Resources.SECRETS, namespace, name);
  }

  @Override
  public Tree allocatable() {
    return allocatable.get();
  }

  /** The Secrets that a pod names for its image pulls; those that are missing are left out. */
  public List<Tree> pullSecrets(Tree pod) {
    return pod.trees("spec", "imagePullSecrets").stream()
        .map(
            reference ->
                Optional.ofNullable(secret(Meta.namespace(pod), reference.textOrEmpty("name"))))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public String token(Tree pod, String audience, long lifetimeSeconds) {
    TokenKey key = new TokenKey(Meta.uid(pod), audience, lifetimeSeconds);
    Token known = tokens.get(key);
    if (known != null && clock.instant().isBefore(known.renewal)) {
      return known.text;
    }
    Token fresh = request(pod, audience, lifetimeSeconds);
    tokens.put(key, fresh);
    return fresh.text;
  }

  private Token request(Tree pod, String audience, long lifetimeSeconds) {
    Tree spec =
        Tree.of(
            "audiences",
            audience.isEmpty() ? new TreeList() : TreeList.of(audience),
            "boundObjectRef",
            Tree.of(
                "apiVersion", "v1", "kind", "Pod", "name", Meta.name(pod), "uid", Meta.uid(pod)),
            "expirationSeconds",
            lifetimeSeconds);
    String account = pod.textOrEmpty("spec", "serviceAccountName");
    Tree answer =
        client.createSubresource(
            Resources.SERVICE_ACCOUNTS,
            Meta.namespace(pod),
            account.isEmpty() ? "default" : account,
            "token",
            Tree.of(
                "apiVersion",
                "authentication.k8s.io/v1",
                "kind",
                "TokenRequest",
                "metadata",
                new Tree(),
                "spec",
                spec));
    Instant now = clock.instant();
    Instant end = Timestamps.parse(answer.text("status", "expirationTimestamp"));
    Duration left = end == null ? Duration.ofHours(1) : Duration.between(now, end);
    Duration use = left.multipliedBy(8).dividedBy(10);
    Duration shortened = use.compareTo(LONGEST_TOKEN_USE) < 0 ? use : LONGEST_TOKEN_USE;
    return new Token(answer.textOrEmpty("status", "token"), now.plus(shortened));
  }

  /** Forgets the tokens of a pod that is gone. */
  public void forget(String uid) {
    tokens.keySet().removeIf(key -> key.uid.equals(uid));
  }

  private @Nullable Tree find(Resource resource, String namespace, String name) {
    String key = resource.resource() + "/" + namespace + "/" + name;
    Instant now = clock.instant();
    Kept kept = objects.get(key);
    if (kept != null && now.isBefore(kept.until)) {
      return kept.object.orElse(null);
    }
    Tree found = client.find(resource, namespace, name);
    if (objects.size() > 1000) {
      objects.values().removeIf(old -> !now.isBefore(old.until));
    }
    objects.put(key, new Kept(Optional.ofNullable(found).map(Tree::freeze), now.plus(KEPT)));
    return found;
  }
}
