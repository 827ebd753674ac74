package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.kind.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be stored, deleted or connected to. Used by one thread.
 *
 * @param kind of the resource in the URL
 * @param subresource empty for the object itself; {@code status}, {@code binding}, ...
 * @param namespace empty for cluster-scoped resources
 * @param name empty where the server has yet to generate it
 * @param object the new object, changed by mutating plug-ins; null for DELETE and CONNECT
 * @param oldObject the stored object, not to be changed; null for CREATE and CONNECT
 * @param options the CreateOptions, UpdateOptions, DeleteOptions or query of the request
 */
public record AdmissionRequest(
    Operation operation,
    Kind kind,
    String subresource,
    String namespace,
    String name,
    @Nullable Tree object,
    @Nullable Tree oldObject,
    Subject subject,
    boolean dryRun,
    Tree options,
    Notes notes) {
  /** What happens to the object. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /** Whether the request is for this resource, in any version, with this subresource. */
  public boolean on(String group, String resource, String wantedSubresource) {
    return kind.resource().resource().equals(resource)
        && kind.resource().group().equals(group)
        && subresource.equals(wantedSubresource);
  }

  public boolean creates() {
    return operation == Operation.CREATE;
  }

  public boolean updates() {
    return operation == Operation.UPDATE;
  }

  /** The new object; only for plug-ins that have checked the operation. */
  public Tree wanted() {
    if (object == null) {
      throw new IllegalStateException(operation + " carries no object");
    }
    return object;
  }

  /** The stored object; only for plug-ins that have checked the operation. */
  public Tree stored() {
    if (oldObject == null) {
      throw new IllegalStateException(operation + " has no stored object");
    }
    return oldObject;
  }

  public GroupResource groupResource() {
    return kind.resource().groupResource();
  }

  /** The 403 with which a plug-in refuses this request. */
  public Failure forbidden(String detail) {
    return new Failure.Forbidden(groupResource(), name, detail);
  }
}
