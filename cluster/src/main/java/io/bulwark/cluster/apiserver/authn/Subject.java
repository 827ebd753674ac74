package io.bulwark.cluster.apiserver.authn;

import java.util.List;
import java.util.Map;

/**
 * Who sends a request.
 *
 * @param uid empty where the authenticator knows none
 * @param groups includes {@code system:authenticated} or {@code system:unauthenticated}
 * @param extra further facts, such as {@code authentication.kubernetes.io/pod-name}
 */
public record Subject(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public Subject {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
