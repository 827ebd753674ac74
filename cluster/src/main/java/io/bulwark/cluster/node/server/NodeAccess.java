package io.bulwark.cluster.node.server;

import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.cluster.platform.Sha256;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.tls.DistinguishedName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the endpoint of a node: client certificates of the cluster and bearer tokens that the
 * API server knows, if the API server says that they may. Answers are kept for a short time.
 *
 * <p>Source: kubelet authentication and authorization, with fine-grained subresources.
 */
final class NodeAccess {
  private static final Duration ALLOWED = Duration.ofSeconds(60);
  private static final Duration DENIED = Duration.ofSeconds(10);
  private static final int KEPT = 10_000;

  private final String node;
  private final Supplier<X509TrustManager> trust;
  private final ApiClient api;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Kept<NodeUser>> users = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Question, Kept<Boolean>> answers = new ConcurrentHashMap<>();

  private record Kept<T>(@Nullable T value, Instant until) {}

  private record Question(NodeUser user, String verb, String subresource) {}

  NodeAccess(String node, Supplier<X509TrustManager> trust, ApiClient api, InstantSource clock) {
    this.node = node;
    this.trust = trust;
    this.api = api;
    this.clock = clock;
  }

  /** Who sends the request, or null if that is unknown. */
  @Nullable NodeUser user(Incoming incoming) {
    if (incoming.credentials() instanceof Credentials.Certificate(var chain)) {
      NodeUser user = ofCertificate(chain);
      if (user != null) {
        return user;
      }
    }
    String authorization = incoming.header("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return null;
    }
    String token = authorization.substring(7).strip();
    return token.isEmpty() ? null : ofToken(token);
  }

  private @Nullable NodeUser ofCertificate(List<X509Certificate> chain) {
    try {
      X509Certificate leaf = chain.getFirst();
      trust
          .get()
          .checkClientTrusted(
              chain.toArray(new X509Certificate[0]), leaf.getPublicKey().getAlgorithm());
      DistinguishedName subject = DistinguishedName.of(leaf.getSubjectX500Principal());
      List<String> groups = new ArrayList<>(subject.organizations());
      groups.add("system:authenticated");
      return subject.commonName().isEmpty()
          ? null
          : new NodeUser(subject.commonName(), "", groups, new Tree());
    } catch (CertificateException | IllegalArgumentException untrusted) {
      return null;
    }
  }

  private @Nullable NodeUser ofToken(String token) {
    String key = Sha256.hex(token);
    Kept<NodeUser> known = users.get(key);
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.until())) {
      return known.value();
    }
    Tree review =
        api.raw(
            "POST",
            "/apis/authentication.k8s.io/v1/tokenreviews",
            Tree.of(
                "apiVersion",
                "authentication.k8s.io/v1",
                "kind",
                "TokenReview",
                "spec",
                Tree.of("token", token)));
    NodeUser user = null;
    if (review.flag("status", "authenticated")) {
      Tree found = review.treeOrEmpty("status", "user");
      user =
          new NodeUser(
              found.textOrEmpty("username"),
              found.textOrEmpty("uid"),
              found.texts("groups"),
              found.treeOrEmpty("extra"));
    }
    if (users.size() >= KEPT) {
      users.clear();
    }
    users.put(key, new Kept<>(user, now.plus(user == null ? DENIED : ALLOWED)));
    return user;
  }

  /** Whether the user may do this with at least one of the subresources of the node. */
  boolean allowed(NodeUser user, String verb, List<String> subresources) {
    for (String subresource : subresources) {
      if (allowed(new Question(user, verb, subresource))) {
        return true;
      }
    }
    return false;
  }

  private boolean allowed(Question question) {
    Kept<Boolean> known = answers.get(question);
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.until())) {
      return Boolean.TRUE.equals(known.value());
    }
    Tree attributes =
        Tree.of(
            "verb",
            question.verb(),
            "version",
            "v1",
            "resource",
            "nodes",
            "subresource",
            question.subresource(),
            "name",
            node);
    Tree review =
        api.raw(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            Tree.of(
                "apiVersion",
                "authorization.k8s.io/v1",
                "kind",
                "SubjectAccessReview",
                "spec",
                question.user().reviewSpec(attributes)));
    boolean allowed = review.flag("status", "allowed");
    if (answers.size() >= KEPT) {
      answers.clear();
    }
    answers.put(question, new Kept<>(allowed, now.plus(allowed ? ALLOWED : DENIED)));
    return allowed;
  }

  /** The subresources of the node of which one is needed for a path, the finest first. */
  static List<String> subresources(String path) {
    String first = path.split("/", 3).length > 1 ? path.split("/", 3)[1] : "";
    return switch (first) {
      case "stats" -> List.of("stats");
      case "metrics" -> List.of("metrics");
      case "logs" -> List.of("log");
      case "healthz", "pods", "configz" -> List.of(first, "proxy");
      case "runningpods" -> List.of("pods", "proxy");
      default -> List.of("proxy");
    };
  }

  /** The verb of a request; what runs something in a container always needs {@code create}. */
  static String verb(String method, String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    for (String running : List.of("/exec/", "/attach/", "/portforward/", "/run/", "/cri/")) {
      if (lower.startsWith(running)) {
        return "create";
      }
    }
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "get";
    };
  }
}
