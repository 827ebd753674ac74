package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Escalation;
import io.bulwark.cluster.apiserver.authz.Rule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nobody writes a role or a binding that gives more than he has. */
final class RoleEscalation implements Plugin {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final Escalation escalation;

  RoleEscalation(Escalation escalation) {
    this.escalation = escalation;
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (!(request.creates() || request.updates())
        || !request.kind().resource().group().equals(GROUP)
        || !request.subresource().isEmpty()) {
      return;
    }
    String refusal =
        switch (request.kind().resource().resource()) {
          case "roles", "clusterroles" -> role(request);
          case "rolebindings", "clusterrolebindings" -> binding(request);
          default -> null;
        };
    if (refusal != null) {
      throw request.forbidden(refusal).rejected();
    }
  }

  private @Nullable String role(AdmissionRequest request) {
    if (changed(request, "aggregationRule")
        && request.wanted().has("aggregationRule")
        && !escalation.holdsEverything(request.subject())) {
      return "must have cluster-admin privileges to use an aggregationRule";
    }
    return changed(request, "rules")
        ? escalation.refuseRules(
            request.subject(),
            request.kind().resource().resource(),
            request.namespace(),
            request.name(),
            Rule.of(request.wanted()))
        : null;
  }

  private @Nullable String binding(AdmissionRequest request) {
    if (!changed(request, "subjects") && !changed(request, "roleRef")) {
      return null;
    }
    Tree role = request.wanted().treeOrEmpty("roleRef");
    return escalation.refuseBinding(
        request.subject(),
        request.namespace(),
        role.textOrEmpty("kind").equals("ClusterRole"),
        role.textOrEmpty("name"));
  }

  private static boolean changed(AdmissionRequest request, String field) {
    return request.creates()
        || !Objects.equals(request.wanted().get(field), request.stored().get(field));
  }
}
