package io.bulwark.cluster.apiserver.audit;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.platform.http.Incoming;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request in the form of {@code audit.k8s.io/v1}, level Metadata: who asked for what, and how
 * it ended. Never a body.
 */
public final class AuditEvent {
  private AuditEvent() {}

  /**
   * What the request is about, as far as it is about an object; empty parts are left out.
   *
   * @param verb as authorization sees it
   */
  public record Target(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name) {}

  /**
   * @param subject null where the sender could not be told
   * @param impersonator null where nobody is impersonated
   */
  public static Tree of(
      String id,
      Incoming incoming,
      Target target,
      @Nullable Subject subject,
      @Nullable Subject impersonator,
      int status,
      Instant begun,
      Instant ended) {
    Tree event =
        Tree.of(
            "apiVersion", "audit.k8s.io/v1",
            "kind", "Event",
            "level", "Metadata",
            "auditID", id,
            "stage", "ResponseComplete",
            "requestURI", AuditedAddress.of(incoming),
            "verb", target.verb(),
            "sourceIPs", TreeList.of(incoming.remoteAddress()),
            "responseStatus", Tree.of("metadata", new Tree(), "code", status),
            "requestReceivedTimestamp", begun.toString(),
            "stageTimestamp", ended.toString());
    String agent = incoming.header("user-agent");
    if (agent != null) {
      event.put("userAgent", agent.length() > 256 ? agent.substring(0, 256) : agent);
    }
    if (subject != null) {
      event.put(impersonator == null ? "user" : "impersonatedUser", user(subject));
    }
    if (impersonator != null) {
      event.put("user", user(impersonator));
    }
    if (!target.resource().isEmpty()) {
      Tree object = new Tree();
      put(object, "apiGroup", target.group());
      put(object, "apiVersion", target.version());
      put(object, "resource", target.resource());
      put(object, "subresource", target.subresource());
      put(object, "namespace", target.namespace());
      put(object, "name", target.name());
      event.put("objectRef", object);
    }
    return event;
  }

  private static Tree user(Subject subject) {
    Tree user = Tree.of("username", subject.name(), "groups", new TreeList(subject.groups()));
    put(user, "uid", subject.uid());
    if (!subject.extra().isEmpty()) {
      Tree extra = user.child("extra");
      for (Map.Entry<String, java.util.List<String>> entry : subject.extra().entrySet()) {
        extra.put(entry.getKey(), new TreeList(entry.getValue()));
      }
    }
    return user;
  }

  private static void put(Tree tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }
}
