package io.bulwark.cluster.apiserver.token;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers {@code serviceaccounts/token}: a new, short-lived token. Thread-safe. */
public final class TokenRequests {
  private static final long SHORTEST = 600;
  private static final long LONGEST = 1L << 32;
  private static final long STANDARD = 3600;

  private final TokenKeys keys;
  private final String issuer;
  private final LiveObjects objects;
  private final InstantSource clock;

  public TokenRequests(TokenKeys keys, String issuer, LiveObjects objects, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * @param request a decoded TokenRequest; not changed
   * @return the TokenRequest with its status
   * @throws io.bulwark.api.failure.Rejected if the account is missing, a bound is broken, or the
   *     object that the token shall be bound to is missing or another one
   */
  public Tree issue(String namespace, String account, Tree request) {
    Tree serviceAccount = objects.find(Resources.SERVICE_ACCOUNTS, namespace, account);
    if (serviceAccount == null) {
      throw missing(Resources.SERVICE_ACCOUNTS, account);
    }
    long seconds = request.number(STANDARD, "spec", "expirationSeconds");
    checkLifetime(seconds);
    List<String> audiences = request.texts("spec", "audiences");
    if (audiences.isEmpty()) {
      audiences = List.of(issuer);
    }
    Tree facts =
        Tree.of(
            "namespace",
            namespace,
            "serviceaccount",
            Tree.of("name", account, "uid", Meta.uid(serviceAccount)));
    Tree bound = request.tree("spec", "boundObjectRef");
    if (bound != null) {
      bind(facts, namespace, account, bound);
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plusSeconds(seconds);
    String token =
        keys.sign(
            Tree.of(
                "aud",
                new TreeList(audiences),
                "exp",
                end.getEpochSecond(),
                "iat",
                now.getEpochSecond(),
                "iss",
                issuer,
                "jti",
                UUID.randomUUID().toString(),
                "kubernetes.io",
                facts,
                "nbf",
                now.getEpochSecond(),
                "sub",
                "system:serviceaccount:" + namespace + ":" + account));
    Tree answer = request.copy();
    answer.put("apiVersion", "authentication.k8s.io/v1");
    answer.put("kind", "TokenRequest");
    answer.child("metadata").put("name", account);
    answer.child("metadata").put("namespace", namespace);
    answer.child("metadata").put("uid", Meta.uid(serviceAccount));
    answer.child("metadata").put("creationTimestamp", now.toString());
    answer.set(new TreeList(audiences), "spec", "audiences");
    answer.set(seconds, "spec", "expirationSeconds");
    if (!answer.has("spec", "boundObjectRef")) {
      answer.set(null, "spec", "boundObjectRef");
    }
    answer.put("status", Tree.of("expirationTimestamp", end.toString(), "token", token));
    return answer;
  }

  private static void checkLifetime(long seconds) {
    String rule =
        seconds < SHORTEST
            ? "may not specify a duration less than 10 minutes"
            : seconds > LONGEST ? "may not specify a duration larger than 2^32 seconds" : "";
    if (!rule.isEmpty()) {
      throw new Failure.Invalid(
              new GroupKind("authentication.k8s.io", "TokenRequest"),
              "",
              List.of(FieldError.invalid("spec.expirationSeconds", seconds, rule)))
          .rejected();
    }
  }

  private void bind(Tree facts, String namespace, String account, Tree reference) {
    String kind = reference.textOrEmpty("kind");
    String name = reference.textOrEmpty("name");
    String uid = reference.textOrEmpty("uid");
    switch (kind) {
      case "Pod" -> {
        Tree pod = found(Resources.PODS, namespace, name, uid);
        if (!pod.textOrEmpty("spec", "serviceAccountName").equals(account)) {
          throw new Failure.BadRequest(
                  "cannot bind token for serviceaccount \""
                      + account
                      + "\" to pod running with different serviceaccount name.")
              .rejected();
        }
        facts.put("pod", named(pod));
        String node = pod.textOrEmpty("spec", "nodeName");
        if (!node.isEmpty()) {
          Tree host = objects.find(Resources.NODES, "", node);
          facts.put("node", host == null ? Tree.of("name", node) : named(host));
        }
      }
      case "Secret" -> facts.put("secret", named(found(Resources.SECRETS, namespace, name, uid)));
      case "Node" -> facts.put("node", named(found(Resources.NODES, "", name, uid)));
      default ->
          throw new Failure.BadRequest("cannot bind token to object of type " + kind).rejected();
    }
  }

  private Tree found(Resource resource, String namespace, String name, String uid) {
    @Nullable Tree object = objects.find(resource, namespace, name);
    if (object == null) {
      throw missing(resource, name);
    }
    if (!uid.isEmpty() && !uid.equals(Meta.uid(object))) {
      throw new Failure.Conflict(
              resource.groupResource(),
              name,
              "the UID in the bound object reference ("
                  + uid
                  + ") does not match the UID in record. The object might have been deleted and"
                  + " then recreated")
          .rejected();
    }
    return object;
  }

  private static Tree named(Tree object) {
    return Tree.of("name", Meta.name(object), "uid", Meta.uid(object));
  }

  private static RuntimeException missing(Resource resource, String name) {
    return new Failure.NotFound(resource.groupResource(), name).rejected();
  }
}
