package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.authz.Attributes;
import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.Decision;
import io.bulwark.cluster.apiserver.decode.Bodies;
import io.bulwark.cluster.apiserver.decode.Defaults;
import io.bulwark.cluster.apiserver.decode.ManagedFields;
import io.bulwark.cluster.apiserver.decode.Patches;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.validate.Validator;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;

/** The inner stages that the registry drives. */
public record Stages(
    Bodies bodies,
    Defaults defaults,
    Patches patches,
    ManagedFields managedFields,
    Admission admission,
    Validator validator,
    Authorization authorization) {
  static void refuse(Kind kind, String name, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(kind.resource().groupVersionKind().groupKind(), name, errors)
          .rejected();
    }
  }

  /** An update or apply that makes the object needs the right to create as well. */
  void requireCreate(Write write) {
    Attributes asked = write.request().attributes();
    Attributes creation =
        new Attributes(
            asked.subject(),
            "create",
            asked.group(),
            asked.version(),
            asked.resource(),
            asked.subresource(),
            asked.namespace(),
            asked.name(),
            asked.path(),
            true);
    Decision decision = authorization.decide(creation);
    if (!decision.allowed()) {
      throw Authorization.refusal(creation, decision.reason()).rejected();
    }
  }

  /** Reads the object of a request and notes the warnings. */
  Tree decode(Write write) {
    var decoded = bodies.read(write.incoming(), write.kind());
    decoded.warnings().forEach(write.notes()::warn);
    return decoded.tree();
  }

  /** Reads options or other small bodies that clients send in one of several versions. */
  Tree decodeAny(Incoming incoming, List<GroupVersionKind> accepted, String schema) {
    Rejected first = null;
    for (GroupVersionKind kind : accepted) {
      try {
        return bodies.read(incoming, kind, schema).tree();
      } catch (Rejected other) {
        first = first == null ? other : first;
      }
    }
    throw first == null ? new IllegalArgumentException("nothing is accepted") : first;
  }
}
