package io.bulwark.cluster.apiserver;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.GroupResource;
import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.image.inspect.ImageFacts;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The CycloneDX document of a VulnerabilityReport, as its subresource {@code cyclonedx}. */
record ImageRoute(AtomicReference<@Nullable ImageFacts> facts) implements Route {
  private static final String GROUP = "image.bulwark.io";
  private static final String RESOURCE = "vulnerabilityreports";

  @Override
  public @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes) {
    boolean asked =
        info.group().equals(GROUP)
            && info.resource().equals(RESOURCE)
            && info.subresource().equals("cyclonedx");
    if (!asked) {
      return null;
    }
    if (!info.verb().equals("get")) {
      throw new Failure.MethodNotAllowed(new GroupResource(GROUP, RESOURCE), info.verb())
          .rejected();
    }
    ImageFacts known = facts.get();
    try {
      byte[] document = known == null ? null : known.document(info.namespace(), info.name());
      if (document == null) {
        throw new Failure.NotFound(new GroupResource(GROUP, RESOURCE), info.name()).rejected();
      }
      return Outgoing.Complete.of(200, "application/vnd.cyclonedx+json", document);
    } catch (IOException unreadable) {
      throw new Failure.InternalError("the document cannot be read").rejected();
    }
  }
}
