package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.Set;

/** Nothing is made in a namespace that is missing or ends; some namespaces never end. */
final class NamespaceLifecycle implements Plugin {
  private static final Set<String> IMMORTAL = Set.of("default", "kube-public", "kube-system");
  private static final Set<String> ANSWERED_ONLY = Set.of("localsubjectaccessreviews");

  private final LiveObjects objects;

  NamespaceLifecycle(LiveObjects objects) {
    this.objects = objects;
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (creates(request)) {
      requireLiving(request);
    }
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (request.operation() == AdmissionRequest.Operation.DELETE
        && request.on("", "namespaces", "")
        && IMMORTAL.contains(request.name())) {
      throw request.forbidden("this namespace may not be deleted").rejected();
    }
    if (creates(request)) {
      requireLiving(request);
    }
  }

  private static boolean creates(AdmissionRequest request) {
    return request.creates()
        && request.kind().resource().namespaced()
        && (request.subresource().isEmpty() || request.on("", "pods", "binding"))
        && !ANSWERED_ONLY.contains(request.kind().resource().resource());
  }

  private void requireLiving(AdmissionRequest request) {
    String name = request.namespace();
    Tree namespace = objects.find(Resources.NAMESPACES, "", name);
    if (namespace == null) {
      throw new Failure.NotFound(Resources.NAMESPACES.groupResource(), name).rejected();
    }
    if (Meta.terminating(namespace)
        || namespace.textOrEmpty("status", "phase").equals("Terminating")) {
      throw new Failure.ForbiddenWithCause(
              request.groupResource(),
              request.name(),
              "unable to create new content in namespace "
                  + name
                  + " because it is being terminated",
              "NamespaceTerminating",
              "namespace " + name + " is being terminated",
              "metadata.namespace")
          .rejected();
    }
  }
}
