package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.apiserver.admission.Notes;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import io.bulwark.cluster.platform.http.Outgoing;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one area. Thread-safe. */
@FunctionalInterface
interface Route {
  /** For an area that is not served. */
  Route NONE = (request, info, notes) -> null;

  /**
   * The answer, or null where the request is for another area.
   *
   * @throws io.bulwark.api.failure.Rejected if the request is for this area and cannot be served
   */
  @Nullable Outgoing answer(Authorized request, RequestInfo info, Notes notes);
}
