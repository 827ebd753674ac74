package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.cluster.apiserver.authn.Authenticated;
import io.bulwark.cluster.apiserver.authn.ImpersonationGuard;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides who may do what: {@code system:masters} everything, nodes what they need, all others what
 * roles bound to them allow. Thread-safe.
 */
public final class Authorization implements ImpersonationGuard {
  private static final Set<String> STREAMED = Set.of("exec", "attach", "portforward");

  private final RbacSource rbac;
  private final NodeRules nodes;

  public Authorization(RbacSource rbac, NodeReferences references) {
    this.rbac = rbac;
    this.nodes = new NodeRules(references, BootstrapPolicy.standard().rules("system:node"));
  }

  /**
   * @throws io.bulwark.api.failure.Rejected with 403 where the sender may not
   */
  public Authorized authorize(Authenticated sender, Attributes wanted) {
    Incoming incoming = sender.incoming();
    FieldSelector fields = FieldSelector.parse(incoming.parameter("fieldSelector"));
    require(wanted, fields);
    if (streamsByGet(incoming, wanted)) {
      require(withVerb(wanted, "create"), fields);
    }
    return new Granted(incoming, wanted);
  }

  @Override
  public void require(
      Subject sender,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    require(
        new Attributes(
            sender, "impersonate", group, "", resource, subresource, namespace, name, "", true),
        FieldSelector.NONE);
  }

  /** The answer to a question, without a request. */
  public Decision decide(Attributes wanted) {
    return decide(wanted, FieldSelector.NONE);
  }

  /** Like {@link #decide(Attributes)}, for a list or watch that is narrowed by a field selector. */
  public Decision decide(Attributes wanted, String fieldSelector) {
    return decide(wanted, FieldSelector.parse(fieldSelector));
  }

  /** The 403 that a refused request gets. */
  public static Failure refusal(Attributes wanted, String reason) {
    String user = "User \"" + wanted.subject().name() + "\" cannot " + wanted.verb();
    String because = reason.isEmpty() ? "" : ": " + reason;
    if (!wanted.resourceRequest()) {
      return new Failure.Forbidden(
          new GroupResource("", ""), "", user + " path \"" + wanted.path() + "\"" + because);
    }
    String resource =
        wanted.subresource().isEmpty()
            ? wanted.resource()
            : wanted.resource() + "/" + wanted.subresource();
    String where =
        wanted.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + wanted.namespace() + "\"";
    return new Failure.Forbidden(
        new GroupResource(wanted.group(), wanted.resource()),
        wanted.name(),
        user
            + " resource \""
            + resource
            + "\" in API group \""
            + wanted.group()
            + "\""
            + where
            + because);
  }

  /** All rules that roles give a subject in a namespace. */
  public List<Rule> rules(Subject subject, String namespace) {
    return rbac.current().rules(subject, namespace);
  }

  RbacSource rbac() {
    return rbac;
  }

  private void require(Attributes wanted, FieldSelector fields) {
    Decision decision = decide(wanted, fields);
    if (!decision.allowed()) {
      throw refusal(wanted, decision.reason()).rejected();
    }
  }

  private Decision decide(Attributes wanted, FieldSelector fields) {
    Subject subject = wanted.subject();
    if (subject.groups().contains("system:masters")) {
      return Decision.YES;
    }
    String node = NodeRules.nodeOf(subject);
    Decision own = node == null ? Decision.NO : nodes.decide(node, wanted, fields);
    return own.allowed() || !rbac.current().allows(wanted) ? own : Decision.YES;
  }

  private static boolean streamsByGet(Incoming incoming, Attributes wanted) {
    String upgrade = incoming.header("upgrade");
    return wanted.resourceRequest()
        && wanted.verb().equals("get")
        && wanted.group().isEmpty()
        && wanted.resource().equals("pods")
        && STREAMED.contains(wanted.subresource())
        && upgrade != null
        && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
  }

  private static Attributes withVerb(Attributes wanted, String verb) {
    return new Attributes(
        wanted.subject(),
        verb,
        wanted.group(),
        wanted.version(),
        wanted.resource(),
        wanted.subresource(),
        wanted.namespace(),
        wanted.name(),
        wanted.path(),
        wanted.resourceRequest());
  }
}
