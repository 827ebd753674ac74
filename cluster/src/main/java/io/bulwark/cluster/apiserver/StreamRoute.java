package io.bulwark.cluster.apiserver;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.admission.Admission;
import io.bulwark.cluster.apiserver.admission.AdmissionRequest;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.apiserver.stream.PodStreams;
import io.bulwark.cluster.platform.http.Outgoing;
import org.jspecify.annotations.Nullable;

/** Logs, terminals, ports and proxies; all but logs pass admission as CONNECT. */
record StreamRoute(Kinds kinds, Admission admission, PodStreams streams) implements Route {
  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    if (!PodStreams.serves(info.resource(), info.subresource())) {
      return null;
    }
    Kind kind = kinds.find(info.group(), info.version(), info.resource());
    if (kind != null && !info.subresource().equals("log")) {
      AdmissionRequest connect =
          new AdmissionRequest(
              AdmissionRequest.Operation.CONNECT,
              kind,
              info.subresource(),
              info.namespace(),
              info.name(),
              null,
              null,
              request.subject(),
              false,
              new Tree(),
              notes);
      admission.mutate(connect);
      admission.validate(connect);
    }
    return streams.handle(request);
  }
}
