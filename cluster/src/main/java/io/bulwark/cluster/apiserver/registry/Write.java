package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.meta.GroupResource;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.platform.http.Incoming;
import org.jspecify.annotations.Nullable;

/**
 * A permitted request that changes something.
 *
 * @param options of the verb: CreateOptions, UpdateOptions, PatchOptions or DeleteOptions
 * @param notes collects warnings and audit annotations
 */
public record Write(
    Authorized request, RequestInfo info, Kind kind, WriteOptions options, Notes notes) {
  Incoming incoming() {
    return request.incoming();
  }

  Subject subject() {
    return request.subject();
  }

  String namespace() {
    return kind.resource().namespaced() ? info.namespace() : "";
  }

  String name() {
    return info.name();
  }

  String subresource() {
    return info.subresource();
  }

  GroupResource groupResource() {
    return kind.resource().groupResource();
  }

  boolean dryRun() {
    return options.dryRun();
  }

  AdmissionRequest admission(
      AdmissionRequest.Operation operation,
      String name,
      @Nullable Tree object,
      @Nullable Tree oldObject) {
    return new AdmissionRequest(
        operation,
        kind,
        info.subresource(),
        namespace(),
        name,
        object,
        oldObject,
        subject(),
        dryRun(),
        options.tree(),
        notes);
  }

  Write on(Kind other) {
    return new Write(request, info, other, options, notes);
  }

  Write with(WriteOptions other) {
    return new Write(request, info, kind, other, notes);
  }
}
